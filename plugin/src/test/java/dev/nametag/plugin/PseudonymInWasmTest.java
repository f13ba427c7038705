package dev.nametag.plugin;

/** The contract on the compiled module, in the simulated Envoy with Chicory's compiler. */
class PseudonymInWasmTest extends PseudonymContract {
  @Override
  FilterContract host() {
    return new FilterInWasmOnCompilerTest();
  }
}
