package dev.nametag.plugin;

import dev.nametag.hostsim.engine.Engine;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.LoadedModule;

/** The contract on the module as Chicory compiles it, which is done once for all tests. */
class FilterInWasmOnCompilerTest extends FilterInWasmTest {
  private static final LoadedModule COMPILED =
      Engine.load(NametagModule.bytes(), EngineKind.COMPILER);

  @Override
  EngineKind engine() {
    return bytes -> COMPILED;
  }
}
