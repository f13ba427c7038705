package dev.nametag.plugin;

/** The contract on the compiled module, in the simulated Envoy with Chicory's compiler. */
class PseudonymInWasmTest extends PseudonymContract {
  @Override
  FilterRuns host() {
    return new FilterInWasmOnCompilerTest();
  }
}
