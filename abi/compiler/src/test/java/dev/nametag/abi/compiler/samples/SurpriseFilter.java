package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.wasm.ProxyWasm;
import org.teavm.interop.Export;

/** Exports something that is no callback. */
public final class SurpriseFilter {
  private SurpriseFilter() {}

  public static void main(String[] args) {
    ProxyWasm.run(root -> new SampleRoot(root, host -> {}));
  }

  @Export(name = "surprise")
  static void nobodyCallsThis() {}
}
