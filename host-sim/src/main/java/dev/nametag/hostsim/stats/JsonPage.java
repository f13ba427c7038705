package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * All stats in one object. Source: Envoy source/server/admin/stats_render.cc, StatsJsonRender.
 * Names that are not UTF-8 are written with U+FFFD; what Envoy's sanitizer makes of them is not
 * simulated.
 */
final class JsonPage implements StatsPage {

  private final StatsQuery.Buckets buckets;
  private final List<String> stats = new ArrayList<>();
  private final List<String> histograms = new ArrayList<>();

  JsonPage(StatsQuery.Buckets buckets) {
    this.buckets = buckets;
  }

  @Override
  public void text(ByteString name, String value) {
    stats.add("{\"name\":" + quoted(name.toString()) + ",\"value\":" + quoted(value) + "}");
  }

  @Override
  public void number(ByteString name, long value) {
    stats.add(
        "{\"name\":"
            + quoted(name.toString())
            + ",\"value\":"
            + Long.toUnsignedString(value)
            + "}");
  }

  @Override
  public void histogram(ByteString name, Histogram histogram) {
    String content =
        switch (buckets) {
          case SUMMARY -> "\"values\":" + quantiles(histogram);
          case CUMULATIVE -> "\"buckets\":" + buckets(histogram, false);
          case DISJOINT -> "\"buckets\":" + buckets(histogram, true);
          case DETAILED ->
              "\"totals\":"
                  + bins(histogram.cumulative())
                  + ",\"intervals\":"
                  + bins(histogram.interval())
                  + ",\"percentiles\":"
                  + quantiles(histogram);
          case PROMETHEUS_NATIVE -> throw new IllegalStateException(buckets.name());
        };
    histograms.add("{\"name\":" + quoted(name.toString()) + "," + content + "}");
  }

  @Override
  public byte[] done() {
    if (!histograms.isEmpty()) {
      String all = "[" + String.join(",", histograms) + "]";
      String quantiles =
          Numbers.QUANTILES.stream()
              .map(part -> Numbers.shortest(100 * part))
              .collect(Collectors.joining(",", "[", "]"));
      stats.add(
          "{\"histograms\":"
              + switch (buckets) {
                case SUMMARY ->
                    "{\"supported_quantiles\":"
                        + quantiles
                        + ",\"computed_quantiles\":"
                        + all
                        + "}";
                case DETAILED ->
                    "{\"supported_percentiles\":" + quantiles + ",\"details\":" + all + "}";
                case CUMULATIVE, DISJOINT -> all;
                case PROMETHEUS_NATIVE -> throw new IllegalStateException(buckets.name());
              }
              + "}");
    }
    return ("{\"stats\":[" + String.join(",", stats) + "]}").getBytes(UTF_8);
  }

  private static String quantiles(Histogram histogram) {
    return Numbers.QUANTILES.stream()
        .map(
            part ->
                "{\"cumulative\":"
                    + number(histogram.cumulative().quantile(part))
                    + ",\"interval\":"
                    + number(histogram.interval().quantile(part))
                    + "}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String buckets(Histogram histogram, boolean disjoint) {
    List<String> out = new ArrayList<>();
    long intervalBefore = 0;
    long cumulativeBefore = 0;
    for (double bound : histogram.buckets()) {
      long interval = histogram.interval().countAtOrBelow(bound);
      long cumulative = histogram.cumulative().countAtOrBelow(bound);
      out.add(
          "{\"upper_bound\":"
              + number(bound)
              + ",\"interval\":"
              + (interval - intervalBefore)
              + ",\"cumulative\":"
              + (cumulative - cumulativeBefore)
              + "}");
      if (disjoint) {
        intervalBefore = interval;
        cumulativeBefore = cumulative;
      }
    }
    return "[" + String.join(",", out) + "]";
  }

  private static String bins(Histogram.Distribution distribution) {
    return distribution.bins().entrySet().stream()
        .map(
            entry ->
                "{\"lower_bound\":"
                    + number(entry.getKey().bottom())
                    + ",\"width\":"
                    + number(entry.getKey().width())
                    + ",\"count\":"
                    + entry.getValue()
                    + "}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "null" : Numbers.shortest(value);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default ->
            out.append(
                c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    return out.append('"').toString();
  }
}
