package dev.nametag.plugin;

import dev.nametag.abi.wasm.ProxyWasm;

/** The module's entry point. */
public final class Main {
  private Main() {}

  /** Called when the host starts a VM; no hostcalls are allowed yet. */
  public static void main(String[] args) {
    ProxyWasm.run(NametagFilter::new);
  }
}
