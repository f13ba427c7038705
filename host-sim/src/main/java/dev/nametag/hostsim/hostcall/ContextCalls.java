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

  /**
   * No root context waits to be done here, since the simulator does not drain configurations; so
   * the answer is the one for that. Source: proxy-wasm-cpp-host src/wasm.cc, WasmBase::done.
   */
  private WasmResult done(long[] arguments) {
    return WasmResult.NOT_FOUND;
  }
}
