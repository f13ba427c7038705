package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.wasm.ProxyWasm;

/** Prints, and asks for the time. */
public final class PrintingFilter {
  private PrintingFilter() {}

  public static void main(String[] args) {
    ProxyWasm.run(
        root ->
            new SampleRoot(
                root,
                host -> {
                  System.out.println("out größe");
                  System.err.println("err");
                  System.out.println("time " + System.currentTimeMillis());
                }));
  }
}
