package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.LogLevel;
import dev.nametag.abi.wasm.ProxyWasm;

/** Needs something that TeaVM imports from JavaScript. */
public final class SqrtFilter {
  private SqrtFilter() {}

  public static void main(String[] args) {
    ProxyWasm.run(
        root -> new SampleRoot(root, host -> host.log(LogLevel.INFO, "distance " + distance(2))));
  }

  private static int distance(int side) {
    return (int) Math.sqrt(side * side + side * side);
  }
}
