package dev.nametag.hostsim.hostcall;

/** Proxy-Wasm ABI v0.2.1, section Clocks. */
final class ClockCalls {

  private final CallScope scope;

  ClockCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy(
        "proxy_get_current_time_nanoseconds", "i32 -> i32", this::getCurrentTimeNanoseconds);
  }

  private WasmResult getCurrentTimeNanoseconds(long[] arguments) {
    scope.writeLong((int) arguments[0], scope.clock().epochNanos());
    return WasmResult.OK;
  }
}
