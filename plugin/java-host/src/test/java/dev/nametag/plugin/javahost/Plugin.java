package dev.nametag.plugin.javahost;

import io.roastedroot.proxywasm.LogLevel;
import io.roastedroot.proxywasm.MetricType;
import io.roastedroot.proxywasm.WasmException;
import io.roastedroot.proxywasm.internal.Handler;
import io.roastedroot.proxywasm.internal.WasmResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the module can ask of its host: the configuration, metrics and the log. */
final class Plugin implements Handler {

  private final String configuration;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Long> metrics = new TreeMap<>();
  private final List<String> log = new ArrayList<>();

  Plugin(String configuration) {
    this.configuration = configuration;
  }

  /** Returns what was counted, by name. */
  Map<String, Long> metrics() {
    return metrics;
  }

  /** Returns what the module logged. */
  List<String> log() {
    return log;
  }

  @Override
  public byte[] getPluginConfig() {
    return configuration.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int defineMetric(MetricType type, String name) {
    names.add(name);
    metrics.putIfAbsent(name, 0L);
    return names.size();
  }

  @Override
  public WasmResult incrementMetric(int metricId, long offset) {
    return change(metricId, metrics.getOrDefault(name(metricId), 0L) + offset);
  }

  @Override
  public WasmResult recordMetric(int metricId, long value) {
    return change(metricId, value);
  }

  @Override
  public long getMetric(int metricId) throws WasmException {
    Long value = metrics.get(name(metricId));
    if (value == null) {
      throw new WasmException(WasmResult.NOT_FOUND);
    }
    return value;
  }

  private WasmResult change(int metricId, long value) {
    return metrics.replace(name(metricId), value) == null ? WasmResult.NOT_FOUND : WasmResult.OK;
  }

  private String name(int metricId) {
    return metricId < 1 || metricId > names.size() ? "" : names.get(metricId - 1);
  }

  @Override
  public void log(LogLevel level, String message) {
    log.add(level + " " + message);
  }
}
