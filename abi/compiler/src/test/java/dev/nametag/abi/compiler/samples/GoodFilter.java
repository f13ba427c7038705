package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.LogLevel;
import dev.nametag.abi.wasm.ProxyWasm;

/** Uses every kind of hostcall that it may. */
public final class GoodFilter {
  private GoodFilter() {}

  public static void main(String[] args) {
    ProxyWasm.run(
        root ->
            new SampleRoot(
                root,
                host ->
                    host.log(
                        LogLevel.INFO,
                        System.currentTimeMillis() + " " + host.environmentVariable("NAME"))));
  }
}
