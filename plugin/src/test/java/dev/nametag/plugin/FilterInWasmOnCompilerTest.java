package dev.nametag.plugin;

import dev.nametag.hostsim.engine.EngineKind;

/** The contract on the module as Chicory compiles it. */
class FilterInWasmOnCompilerTest extends FilterInWasmTest {
  @Override
  EngineKind engine() {
    return Compiled.ENGINE;
  }
}
