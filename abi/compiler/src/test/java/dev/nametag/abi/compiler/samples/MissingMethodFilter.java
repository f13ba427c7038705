package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.LogLevel;
import dev.nametag.abi.wasm.ProxyWasm;
import java.util.UUID;

/** Uses a method that TeaVM's class library does not have. */
public final class MissingMethodFilter {
  private MissingMethodFilter() {}

  public static void main(String[] args) {
    ProxyWasm.run(
        root -> new SampleRoot(root, host -> host.log(LogLevel.INFO, name(new byte[] {1}))));
  }

  private static String name(byte[] bytes) {
    return UUID.nameUUIDFromBytes(bytes).toString();
  }
}
