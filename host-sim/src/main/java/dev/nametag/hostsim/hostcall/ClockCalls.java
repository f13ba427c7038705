package dev.nametag.hostsim.hostcall;

import java.time.Instant;

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
    scope.writeLong((int) arguments[0], nowNanos());
    return WasmResult.OK;
  }

  /** Nanoseconds since 1970. */
  static long nowNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
