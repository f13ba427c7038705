package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.OptionalLong;

/** Proxy-Wasm ABI v0.2.1, section Metrics. */
final class MetricCalls {

  private final CallScope scope;

  MetricCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy("proxy_define_metric", "i32 i32 i32 i32 -> i32", this::defineMetric);
    functions.proxy("proxy_increment_metric", "i32 i64 -> i32", this::incrementMetric);
    functions.proxy("proxy_record_metric", "i32 i64 -> i32", this::recordMetric);
    functions.proxy("proxy_get_metric", "i32 i32 -> i32", this::getMetric);
  }

  private WasmResult defineMetric(long[] arguments) {
    ByteString name = scope.read((int) arguments[1], (int) arguments[2]);
    int type = (int) arguments[0];
    if (!MetricIds.isType(type)) {
      return WasmResult.BAD_ARGUMENT;
    }
    int id = scope.metrics().define(type, name);
    scope.writeInt((int) arguments[3], id);
    return WasmResult.OK;
  }

  private WasmResult incrementMetric(long[] arguments) {
    return scope.metrics().increment((int) arguments[0], arguments[1]);
  }

  private WasmResult recordMetric(long[] arguments) {
    return scope.metrics().record((int) arguments[0], arguments[1]);
  }

  private WasmResult getMetric(long[] arguments) {
    int id = (int) arguments[0];
    if (!MetricIds.isReadable(id)) {
      return WasmResult.BAD_ARGUMENT;
    }
    OptionalLong value = scope.metrics().value(id);
    if (value.isEmpty()) {
      return WasmResult.NOT_FOUND;
    }
    scope.writeLong((int) arguments[1], value.getAsLong());
    return WasmResult.OK;
  }
}
