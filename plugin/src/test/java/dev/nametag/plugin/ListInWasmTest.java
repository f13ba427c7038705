package dev.nametag.plugin;

/** The contract on the compiled module, in the simulated Envoy with Chicory's compiler. */
class ListInWasmTest extends ListContract {
  @Override
  FilterRuns host() {
    return new FilterInWasmOnCompilerTest();
  }
}
