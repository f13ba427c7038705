package dev.nametag.plugin;

/** The contract on the compiled module, in the simulated Envoy with Chicory's compiler. */
class IdentityInWasmTest extends IdentityContract {
  @Override
  FilterRuns host() {
    return new FilterInWasmOnCompilerTest();
  }
}
