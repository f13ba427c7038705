package dev.nametag.hostsim.hostcall;

/** Proxy-Wasm ABI v0.2.1, section Context lifecycle. */
final class ContextCalls {

  private final CallScope scope;

  ContextCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy("proxy_set_effective_context", "i32 -> i32", this::setEffectiveContext);
    functions.proxy("proxy_done", "void -> i32", this::done);
  }

  private WasmResult setEffectiveContext(long[] arguments) {
    return scope.setEffectiveContext((int) arguments[0]);
  }

  /** Only a plugin that waits can be done. Source: proxy-wasm-cpp-host WasmBase::done. */
  private WasmResult done(long[] arguments) {
    return scope.root().done();
  }
}
