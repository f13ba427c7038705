package dev.nametag.hostsim.hostcall;

/** Proxy-Wasm ABI v0.2.1, section Timers. */
final class TimerCalls {

  private final CallScope scope;

  TimerCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy("proxy_set_tick_period_milliseconds", "i32 -> i32", this::setTickPeriod);
  }

  private WasmResult setTickPeriod(long[] arguments) {
    scope.root().setTickPeriod((int) arguments[0]);
    return WasmResult.OK;
  }
}
