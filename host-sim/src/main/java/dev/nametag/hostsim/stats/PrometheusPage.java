package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nametag.hostsim.release.EnvoyVersion;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The exposition text of Envoy 1.24 and later, built up group by group.
 *
 * <p>No HELP, no blank lines, braces even without labels. Groups that differ before the names are
 * made presentable stay apart, although they may then carry the same name. Source: Envoy
 * source/server/admin/prometheus_stats.cc, PrometheusStatsFormatter.
 *
 * <p>Works on bytes; copies each name once.
 */
final class PrometheusPage implements PrometheusFormat {

  private final ByteArrayOutputStream page = new ByteArrayOutputStream();
  private final StatsSettings settings;
  private final PrometheusNames names;
  private final boolean summaries;

  /**
   * A page for a host.
   *
   * @param buckets how histograms are wanted; cumulative when nothing is said
   * @throws IllegalArgumentException with Envoy's words when they cannot be shown so
   */
  PrometheusPage(StatsSettings settings, Optional<StatsQuery.Buckets> buckets) {
    this.settings = settings;
    this.names = new PrometheusNames(settings);
    this.summaries =
        switch (buckets.orElse(StatsQuery.Buckets.CUMULATIVE)) {
          case CUMULATIVE -> false;
          case SUMMARY -> settings.version().atLeast(EnvoyVersion.V1_30);
          case DISJOINT, DETAILED ->
              throw new IllegalArgumentException("unsupported prometheus histogram bucket mode");
          case PROMETHEUS_NATIVE ->
              throw new IllegalArgumentException(
                  "unsupported prometheusnative histogram type when not using protobuf exposition"
                      + " format");
        };
  }

  @Override
  public void counters(StatName family, List<Series<Counter>> group) {
    single(family, "counter", group, Counter::value);
  }

  @Override
  public void gauges(StatName family, List<Series<Gauge>> group) {
    single(family, "gauge", group, Gauge::value);
  }

  @Override
  public void textReadouts(StatName family, List<Series<TextReadout>> group) {
    single(family, "gauge", PrometheusFormat.labelledByText(group), stat -> 0);
  }

  @Override
  public void histograms(StatName family, List<Series<Histogram>> group) {
    byte[] metric = names.metric(family);
    if (metric.length > 0) {
      type(metric, summaries ? "summary" : "histogram");
      for (Series<Histogram> each : group) {
        if (summaries) {
          summary(metric, labels(each.tags()), each.stat().interval());
        } else {
          histogram(metric, labels(each.tags()), each.stat());
        }
      }
      endGroup();
    }
  }

  private <T> void single(
      StatName family, String type, List<Series<T>> group, ToLongFunction<T> value) {
    byte[] metric = names.metric(family);
    if (metric.length > 0) {
      type(metric, type);
      for (Series<T> each : group) {
        String number = Long.toUnsignedString(value.applyAsLong(each.stat()));
        line(metric, "", labels(each.tags()), "", number);
      }
      endGroup();
    }
  }

  private void histogram(byte[] metric, byte[] labels, Histogram histogram) {
    Histogram.Distribution all = histogram.cumulative();
    for (double bound : histogram.buckets()) {
      line(
          metric,
          "_bucket",
          labels,
          "le=\"" + Numbers.exact(bound) + "\"",
          Long.toString(all.countAtOrBelow(bound)));
    }
    line(metric, "_bucket", labels, "le=\"+Inf\"", Long.toString(all.count()));
    sumAndCount(metric, labels, all);
  }

  /** The quantiles are those of the last interval. */
  private void summary(byte[] metric, byte[] labels, Histogram.Distribution interval) {
    for (double part : Numbers.QUANTILES) {
      line(
          metric,
          "",
          labels,
          "quantile=\"" + Numbers.general(part) + "\"",
          Numbers.exact(interval.quantile(part)));
    }
    sumAndCount(metric, labels, interval);
  }

  private void sumAndCount(byte[] metric, byte[] labels, Histogram.Distribution distribution) {
    line(metric, "_sum", labels, "", Numbers.exact(distribution.sum()));
    line(metric, "_count", labels, "", Long.toString(distribution.count()));
  }

  private void endGroup() {
    if (!settings.version().atLeast(EnvoyVersion.V1_24)) {
      text("\n");
    }
  }

  @Override
  public byte[] bytes() {
    return page.toByteArray();
  }

  private void type(byte[] metric, String type) {
    text("# TYPE ");
    page.writeBytes(metric);
    text(" " + type + "\n");
  }

  private void line(byte[] metric, String suffix, byte[] labels, String last, String value) {
    page.writeBytes(metric);
    text(suffix + "{");
    page.writeBytes(labels);
    text((labels.length > 0 && !last.isEmpty() ? "," : "") + last + "} " + value + "\n");
  }

  /** The labels with commas between them. Source: PrometheusStatsFormatter::formattedTags. */
  private byte[] labels(List<Tag> tags) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Tag tag : tags) {
      if (out.size() > 0) {
        out.write(',');
      }
      out.writeBytes(names.label(tag.name()));
      out.write('=');
      out.write('"');
      out.writeBytes(PrometheusNames.value(tag.value()));
      out.write('"');
    }
    return out.toByteArray();
  }

  private void text(String text) {
    page.writeBytes(text.getBytes(US_ASCII));
  }
}
