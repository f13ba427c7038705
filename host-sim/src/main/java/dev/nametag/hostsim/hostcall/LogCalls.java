package dev.nametag.hostsim.hostcall;

import java.util.Optional;

/** Proxy-Wasm ABI v0.2.1, section Logging. */
final class LogCalls {

  private final CallScope scope;

  LogCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions, AbiVersion version) {
    functions.proxy("proxy_log", "i32 i32 i32 -> i32", this::log);
    if (version == AbiVersion.V0_2_1) {
      functions.proxy("proxy_get_log_level", "i32 -> i32", this::getLogLevel);
    }
  }

  private WasmResult log(long[] arguments) {
    Optional<LogLevel> level = LogLevel.of((int) arguments[0]);
    if (level.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    scope.log(level.get(), scope.read((int) arguments[1], (int) arguments[2]).toString());
    return WasmResult.OK;
  }

  private WasmResult getLogLevel(long[] arguments) {
    scope.writeInt((int) arguments[0], scope.logLevel().number());
    return WasmResult.OK;
  }
}
