package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.stats.Counter;
import dev.nametag.hostsim.stats.Gauge;
import dev.nametag.hostsim.stats.Histogram;
import dev.nametag.hostsim.stats.StatName;
import dev.nametag.hostsim.stats.Stats;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The metric ids of one VM: 4, 8, 12 … for counters, 5, 9, 13 … for gauges, 6, 10, 14 … for
 * histograms. Every definition gets a new id, also when the name had one; the stat behind them is
 * the same, in this VM and in all others.
 *
 * <p>Source: proxy-wasm-cpp-host include/proxy-wasm/wasm.h, nextCounterMetricId and its siblings;
 * Envoy source/extensions/common/wasm/context.cc, Context::defineMetric to Context::getMetric.
 */
final class MetricIds {

  private static final int TYPE_MASK = 0x3;
  private static final int INCREMENT = 0x4;

  private static final int COUNTER = 0;
  private static final int GAUGE = 1;
  private static final int HISTOGRAM = 2;

  private final Stats stats;
  private final Map<Integer, Counter> counters = new HashMap<>();
  private final Map<Integer, Gauge> gauges = new HashMap<>();
  private final Map<Integer, Histogram> histograms = new HashMap<>();
  private final int[] lastIds = {COUNTER, GAUGE, HISTOGRAM};

  MetricIds(Stats stats) {
    this.stats = stats;
  }

  static boolean isType(int type) {
    return type >= COUNTER && type <= HISTOGRAM;
  }

  /** Makes an id for a metric of a type that {@link #isType} accepts. */
  int define(int type, ByteString name) {
    lastIds[type] += INCREMENT;
    int id = lastIds[type];
    StatName statName = StatName.custom(name);
    switch (type) {
      case COUNTER -> counters.put(id, stats.defineCounter(statName));
      case GAUGE -> gauges.put(id, stats.defineGauge(statName));
      default -> histograms.put(id, stats.defineHistogram(statName));
    }
    return id;
  }

  WasmResult increment(int id, long offset) {
    switch (id & TYPE_MASK) {
      case COUNTER -> {
        Counter counter = counters.get(id);
        if (counter == null) {
          return WasmResult.NOT_FOUND;
        }
        if (offset <= 0) {
          return WasmResult.BAD_ARGUMENT;
        }
        counter.add(offset);
        return WasmResult.OK;
      }
      case GAUGE -> {
        Gauge gauge = gauges.get(id);
        if (gauge == null) {
          return WasmResult.NOT_FOUND;
        }
        if (offset > 0) {
          gauge.add(offset);
        } else {
          gauge.subtract(-offset);
        }
        return WasmResult.OK;
      }
      default -> {
        return WasmResult.BAD_ARGUMENT;
      }
    }
  }

  /** Adds to a counter, sets a gauge, samples a histogram. */
  WasmResult record(int id, long value) {
    switch (id & TYPE_MASK) {
      case COUNTER -> {
        Counter counter = counters.get(id);
        if (counter != null) {
          counter.add(value);
          return WasmResult.OK;
        }
      }
      case GAUGE -> {
        Gauge gauge = gauges.get(id);
        if (gauge != null) {
          gauge.set(value);
          return WasmResult.OK;
        }
      }
      case HISTOGRAM -> {
        Histogram histogram = histograms.get(id);
        if (histogram != null) {
          histogram.record(value);
          return WasmResult.OK;
        }
      }
      default -> {}
    }
    return WasmResult.NOT_FOUND;
  }

  static boolean isReadable(int id) {
    return (id & TYPE_MASK) == COUNTER || (id & TYPE_MASK) == GAUGE;
  }

  /** The value of a counter or gauge. */
  OptionalLong value(int id) {
    if ((id & TYPE_MASK) == COUNTER) {
      Counter counter = counters.get(id);
      return counter == null ? OptionalLong.empty() : OptionalLong.of(counter.value());
    }
    Gauge gauge = gauges.get(id);
    return gauge == null ? OptionalLong.empty() : OptionalLong.of(gauge.value());
  }
}
