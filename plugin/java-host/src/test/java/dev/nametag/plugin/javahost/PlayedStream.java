package dev.nametag.plugin.javahost;

import dev.nametag.fixtures.HostRequests;
import io.roastedroot.proxywasm.LogLevel;
import io.roastedroot.proxywasm.MetricType;
import io.roastedroot.proxywasm.WasmException;
import io.roastedroot.proxywasm.internal.Handler;
import io.roastedroot.proxywasm.internal.ProxyMap;
import io.roastedroot.proxywasm.internal.WasmResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the module can ask of a stream. Everything else it asks is about the plugin. */
final class PlayedStream implements Handler {

  private final Plugin plugin;
  private final Map<List<String>, byte[]> properties = new HashMap<>();
  private final ProxyMap requestHeaders =
      ProxyMap.of(":authority", "localhost", ":path", "/", ":method", "GET", ":scheme", "http");
  private final ProxyMap responseHeaders;

  PlayedStream(Plugin plugin, HostRequests.Request request) {
    this.plugin = plugin;
    request.userid().ifPresent(id -> filterState("wasm.kuadrant.auth.identity.userid", id));
    request.groups().ifPresent(groups -> filterState("wasm.kuadrant.auth.identity.groups", groups));
    if (request.code() != 0) {
      properties.put(List.of("response", "code"), int64(request.code()));
    }
    properties.put(List.of("response", "flags"), int64(request.flags()));
    properties.put(List.of("response", "code_details"), text(request.details()));
    if (request.viaUpstream()) {
      properties.put(List.of("upstream", "address"), text("10.0.0.1:8080"));
    }
    responseHeaders =
        request.code() == 0
            ? ProxyMap.of()
            : ProxyMap.of(":status", Integer.toString(request.code()));
  }

  private void filterState(String key, String value) {
    properties.put(List.of("filter_state", key), text(value));
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /** Envoy gives integers in 8 bytes, little-endian. */
  private static byte[] int64(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  @Override
  public byte[] getProperty(List<String> path) {
    return properties.get(path);
  }

  @Override
  public ProxyMap getHttpRequestHeaders() {
    return requestHeaders;
  }

  @Override
  public ProxyMap getHttpResponseHeaders() {
    return responseHeaders;
  }

  @Override
  public int defineMetric(MetricType type, String name) {
    return plugin.defineMetric(type, name);
  }

  @Override
  public WasmResult incrementMetric(int metricId, long offset) {
    return plugin.incrementMetric(metricId, offset);
  }

  @Override
  public WasmResult recordMetric(int metricId, long value) {
    return plugin.recordMetric(metricId, value);
  }

  @Override
  public long getMetric(int metricId) throws WasmException {
    return plugin.getMetric(metricId);
  }

  @Override
  public void log(LogLevel level, String message) {
    plugin.log(level, message);
  }
}
