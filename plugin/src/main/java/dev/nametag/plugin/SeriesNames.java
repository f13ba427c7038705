package dev.nametag.plugin;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.MetricType;
import dev.nametag.naming.Metric;
import dev.nametag.naming.NameCodec;

/** Gives a series its counter or histogram, once; the slow path. */
final class SeriesNames {
  private final Hostcalls host;
  private final NameCodec codec;

  SeriesNames(Hostcalls host, NameCodec codec) {
    this.host = host;
    this.codec = codec;
  }

  /** Returns the id that a metric has with the values of a key. */
  int define(Metric metric, SeriesKey key) {
    MetricType type = metric.isHistogram() ? MetricType.HISTOGRAM : MetricType.COUNTER;
    return host.defineMetric(type, codec.encode(metric, key.values()));
  }
}
