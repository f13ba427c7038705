package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
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
final class PrometheusPage {

  private final ByteArrayOutputStream page = new ByteArrayOutputStream();
  private final StatsSettings settings;
  private final boolean summaries;

  /**
   * A page for a host.
   *
   * @param buckets how histograms are wanted; cumulative when nothing is said
   * @throws IllegalArgumentException with Envoy's words when they cannot be shown so
   */
  PrometheusPage(StatsSettings settings, Optional<StatsQuery.Buckets> buckets) {
    this.settings = settings;
    this.summaries =
        switch (buckets.orElse(StatsQuery.Buckets.CUMULATIVE)) {
          case CUMULATIVE -> false;
          case SUMMARY -> settings.version().atLeast(EnvoyVersion.V1_30);
          case DISJOINT, DETAILED ->
              throw new IllegalArgumentException("unsupported prometheus histogram bucket mode");
        };
  }

  /**
   * One stat of a group.
   *
   * @param tags in the order in which they are written
   */
  record Series<T>(List<Tag> tags, T stat) {}

  /** Writes a group of counters, given in the order of their full names. */
  void counters(StatName family, List<Series<Counter>> group) {
    single(family, "counter", group, Counter::value);
  }

  /** Writes a group of gauges, given in the order of their full names. */
  void gauges(StatName family, List<Series<Gauge>> group) {
    single(family, "gauge", group, Gauge::value);
  }

  /** Writes a group of text readouts, whose text is a label. */
  void textReadouts(StatName family, List<Series<TextReadout>> group) {
    List<Series<TextReadout>> labelled = new ArrayList<>();
    for (Series<TextReadout> each : group) {
      List<Tag> tags = new ArrayList<>(each.tags());
      tags.add(new Tag("text_value", ByteString.utf8(each.stat().value())));
      labelled.add(new Series<>(tags, each.stat()));
    }
    single(family, "gauge", labelled, stat -> 0);
  }

  /** Writes a group of histograms, given in the order of their full names. */
  void histograms(StatName family, List<Series<Histogram>> group) {
    byte[] metric = metricName(family);
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
    byte[] metric = metricName(family);
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

  byte[] bytes() {
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

  /**
   * The labels with commas between them. Values keep all their bytes but three, which are escaped.
   * Source: PrometheusStatsFormatter::formattedTags and sanitizeValue.
   */
  private byte[] labels(List<Tag> tags) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Tag tag : tags) {
      if (out.size() > 0) {
        out.write(',');
      }
      ByteString name = ByteString.utf8(tag.name());
      out.writeBytes(
          settings.version().atLeast(EnvoyVersion.V1_39)
              ? sanitizeBytes(name).toByteArray()
              : sanitizeCodePoints(name));
      out.write('=');
      out.write('"');
      for (byte b : tag.value().toByteArray()) {
        if (b == '\\' || b == '"' || b == '\n') {
          out.write('\\');
        }
        out.write(b == '\n' ? 'n' : b);
      }
      out.write('"');
    }
    return out.toByteArray();
  }

  private void text(String text) {
    page.writeBytes(text.getBytes(US_ASCII));
  }

  /**
   * The name on the page; empty when the group is left out.
   *
   * <p>A registered namespace is dropped with its dot; other names get {@code envoy_} in front.
   * Source: PrometheusStatsFormatter::metricName and CustomStatNamespacesImpl.
   */
  private byte[] metricName(StatName name) {
    ByteString bytes = name.bytes();
    int dot = bytes.indexOf('.', 0);
    if (dot < 0 || !settings.namespaces().contains(bytes.slice(0, dot).toString())) {
      return ByteString.utf8("envoy_").concat(sanitizeBytes(bytes)).toByteArray();
    }
    byte[] custom = sanitizeCodePoints(bytes.slice(dot + 1, bytes.size()));
    boolean shown = custom.length > 0 && !isBetween('0', custom[0], '9');
    return shown ? custom : new byte[0];
  }

  /** One underscore for each byte outside {@code [a-zA-Z0-9_]}. */
  private static ByteString sanitizeBytes(ByteString name) {
    byte[] bytes = name.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      if (!isNameByte(bytes[i])) {
        bytes[i] = '_';
      }
    }
    return ByteString.of(bytes);
  }

  /**
   * One underscore for each code point outside {@code [a-zA-Z0-9_]}; bytes that are not UTF-8 stay.
   *
   * <p>Derived from RE2's UTF-8 mode, in which a negated class matches whole sequences only. RE2
   * takes overlong sequences after E0 and F0, and those above U+10FFFF after F4, for code points
   * too (re2/compile.cc, Compiler::Add_80_10ffff).
   */
  private static byte[] sanitizeCodePoints(ByteString name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(name.size());
    int i = 0;
    while (i < name.size()) {
      byte first = name.byteAt(i);
      int length = sequenceLength(name, i);
      out.write(length == 0 || isNameByte(first) ? first : '_');
      i += Math.max(length, 1);
    }
    return out.toByteArray();
  }

  /** The bytes of the sequence that starts there, or 0 when none does. */
  private static int sequenceLength(ByteString name, int start) {
    int first = name.byteAt(start) & 0xff;
    int length = announcedLength(first);
    if (start + length > name.size()) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((name.byteAt(start + i) & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  private static int announcedLength(int first) {
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xc2 || first > 0xf4) {
      return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  }

  private static boolean isNameByte(byte b) {
    return isBetween('a', b, 'z') || isBetween('A', b, 'Z') || isBetween('0', b, '9') || b == '_';
  }

  private static boolean isBetween(char least, byte value, char greatest) {
    return value >= least && value <= greatest;
  }
}
