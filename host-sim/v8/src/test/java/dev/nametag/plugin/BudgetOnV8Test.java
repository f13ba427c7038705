package dev.nametag.plugin;

import dev.nametag.hostsim.engine.Engine;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.v8.V8Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The budget over workers in V8, each with an isolate of its own. */
class BudgetOnV8Test extends BudgetTest {
  /** V8 shares compiled code between isolates for as long as one of them holds it. */
  private static LoadedModule held;

  @BeforeAll
  static void compileOnce() {
    held = Engine.load(NametagModule.bytes(), V8Engine.orMissing());
  }

  @AfterAll
  static void letGo() {
    if (held != null) {
      held.close();
    }
  }

  @Override
  EngineKind engine() {
    return V8Engine.orMissing();
  }
}
