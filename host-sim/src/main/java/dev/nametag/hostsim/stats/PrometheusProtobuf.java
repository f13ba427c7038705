package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.bytes.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Function;

/**
 * The protobuf form of Envoy 1.38 and later: for each group a MetricFamily, with its length before
 * it. What is 0 is written, as the schema is proto2; fields stand in the order of their numbers.
 *
 * <p>Values of labels are escaped as in the text, so that they differ from those if they hold a
 * quotation mark, a backslash or a line feed. Source: Envoy
 * source/server/admin/prometheus_stats.cc, ProtobufFormat; prometheus/client_model
 * io/prometheus/client/metrics.proto.
 */
final class PrometheusProtobuf implements PrometheusFormat {

  private static final int COUNTER = 0;
  private static final int GAUGE = 1;
  private static final int SUMMARY = 2;
  private static final int HISTOGRAM = 4;

  private final ByteArrayOutputStream page = new ByteArrayOutputStream();
  private final PrometheusNames names;
  private final StatsQuery.Buckets buckets;
  private final int maxNativeBuckets;

  /**
   * A page for a host.
   *
   * @param query says how histograms are wanted; cumulative when nothing is said
   * @throws IllegalArgumentException with Envoy's words when they cannot be shown so
   */
  PrometheusProtobuf(StatsSettings settings, StatsQuery query) {
    this.names = new PrometheusNames(settings);
    this.buckets = query.buckets().orElse(StatsQuery.Buckets.CUMULATIVE);
    this.maxNativeBuckets = query.maxNativeBuckets();
    if (buckets == StatsQuery.Buckets.DISJOINT || buckets == StatsQuery.Buckets.DETAILED) {
      throw new IllegalArgumentException("unsupported prometheus histogram bucket mode");
    }
  }

  @Override
  public void counters(StatName family, List<Series<Counter>> group) {
    family(family, COUNTER, group, 3, stat -> number(stat.value()));
  }

  @Override
  public void gauges(StatName family, List<Series<Gauge>> group) {
    family(family, GAUGE, group, 2, stat -> number(stat.value()));
  }

  @Override
  public void textReadouts(StatName family, List<Series<TextReadout>> group) {
    family(family, GAUGE, PrometheusFormat.labelledByText(group), 2, stat -> number(0));
  }

  @Override
  public void histograms(StatName family, List<Series<Histogram>> group) {
    switch (buckets) {
      case SUMMARY -> family(family, SUMMARY, group, 4, stat -> summary(stat.interval()));
      case PROMETHEUS_NATIVE ->
          family(
              family,
              HISTOGRAM,
              group,
              7,
              stat -> NativeHistogram.of(stat.cumulative(), maxNativeBuckets));
      default -> family(family, HISTOGRAM, group, 7, PrometheusProtobuf::histogram);
    }
  }

  @Override
  public byte[] bytes() {
    return page.toByteArray();
  }

  private <T> void family(
      StatName family, int type, List<Series<T>> group, int field, Function<T, ProtoWriter> value) {
    byte[] name = names.metric(family);
    if (name.length == 0) {
      return;
    }
    ProtoWriter message = new ProtoWriter().bytes(1, ByteString.of(name)).varint(3, type);
    for (Series<T> each : group) {
      ProtoWriter metric = new ProtoWriter();
      for (Tag tag : each.tags()) {
        metric.message(
            1,
            new ProtoWriter()
                .bytes(1, ByteString.of(names.label(tag.name())))
                .bytes(2, ByteString.of(PrometheusNames.value(tag.value()))));
      }
      message.message(4, metric.message(field, value.apply(each.stat())));
    }
    page.writeBytes(message.delimited().toByteArray());
  }

  /** A counter or a gauge, whose values are unsigned. */
  private static ProtoWriter number(long value) {
    double unsigned = value >= 0 ? value : value + 0x1p64;
    return new ProtoWriter().fixed64(1, Double.doubleToRawLongBits(unsigned));
  }

  private static ProtoWriter histogram(Histogram histogram) {
    Histogram.Distribution all = histogram.cumulative();
    ProtoWriter out = sums(all);
    for (double bound : histogram.buckets()) {
      out.message(
          3,
          new ProtoWriter()
              .varint(1, all.countAtOrBelow(bound))
              .fixed64(2, Double.doubleToRawLongBits(bound)));
    }
    return out;
  }

  private static ProtoWriter summary(Histogram.Distribution interval) {
    ProtoWriter out = sums(interval);
    for (double part : Numbers.QUANTILES) {
      out.message(
          3,
          new ProtoWriter()
              .fixed64(1, Double.doubleToRawLongBits(part))
              .fixed64(2, Double.doubleToRawLongBits(interval.quantile(part))));
    }
    return out;
  }

  private static ProtoWriter sums(Histogram.Distribution distribution) {
    return new ProtoWriter()
        .varint(1, distribution.count())
        .fixed64(2, Double.doubleToRawLongBits(distribution.sum()));
  }
}
