package dev.nametag.plugin;

import dev.nametag.hostsim.engine.Engine;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.LoadedModule;

/** The module as Chicory compiles it, which is done once for all tests. */
final class Compiled {
  private static final LoadedModule MODULE =
      Engine.load(NametagModule.bytes(), EngineKind.COMPILER);

  /** Takes the bytes of {@link NametagModule} and no others. */
  static final EngineKind ENGINE = bytes -> MODULE;

  private Compiled() {}
}
