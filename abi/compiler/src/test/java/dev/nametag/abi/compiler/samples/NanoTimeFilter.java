package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.LogLevel;
import dev.nametag.abi.wasm.ProxyWasm;

/** Asks for a clock that hosts do not have. */
public final class NanoTimeFilter {
  private NanoTimeFilter() {}

  public static void main(String[] args) {
    ProxyWasm.run(
        root -> new SampleRoot(root, host -> host.log(LogLevel.INFO, "" + System.nanoTime())));
  }
}
