package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nametag.hostsim.bytes.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;

/**
 * A line for each stat. Source: Envoy source/server/admin/stats_render.cc, StatsTextRender;
 * source/common/stats/thread_local_store.cc, quantileSummary and bucketSummary.
 */
final class TextPage implements StatsPage {

  private final StatsQuery.Buckets buckets;
  private final ByteArrayOutputStream page = new ByteArrayOutputStream();

  TextPage(StatsQuery.Buckets buckets) {
    this.buckets = buckets;
  }

  @Override
  public void text(ByteString name, String value) {
    line(name, ": \"" + value + "\"");
  }

  @Override
  public void number(ByteString name, long value) {
    line(name, ": " + Long.toUnsignedString(value));
  }

  @Override
  public void histogram(ByteString name, Histogram histogram) {
    if (!histogram.used()) {
      line(name, ": No recorded values");
      return;
    }
    line(
        name,
        switch (buckets) {
          case SUMMARY -> ": " + quantiles(histogram);
          case CUMULATIVE -> ": " + buckets(histogram, false);
          case DISJOINT -> ": " + buckets(histogram, true);
          case DETAILED ->
              ":\n  totals="
                  + bins(histogram.cumulative())
                  + "\n  intervals="
                  + bins(histogram.interval())
                  + "\n  summary="
                  + quantiles(histogram);
          case PROMETHEUS_NATIVE -> throw new IllegalStateException(buckets.name());
        });
  }

  private static String quantiles(Histogram histogram) {
    return String.join(
        " ",
        Numbers.QUANTILES.stream()
            .map(
                part ->
                    "P"
                        + Numbers.general(100 * part)
                        + "("
                        + Numbers.general(histogram.interval().quantile(part))
                        + ","
                        + Numbers.general(histogram.cumulative().quantile(part))
                        + ")")
            .toList());
  }

  private static String buckets(Histogram histogram, boolean disjoint) {
    StringBuilder out = new StringBuilder();
    long intervalBefore = 0;
    long cumulativeBefore = 0;
    for (double bound : histogram.buckets()) {
      long interval = histogram.interval().countAtOrBelow(bound);
      long cumulative = histogram.cumulative().countAtOrBelow(bound);
      out.append(out.length() == 0 ? "B" : " B")
          .append(Numbers.general(bound))
          .append('(')
          .append(interval - intervalBefore)
          .append(',')
          .append(cumulative - cumulativeBefore)
          .append(')');
      if (disjoint) {
        intervalBefore = interval;
        cumulativeBefore = cumulative;
      }
    }
    return out.toString();
  }

  private static String bins(Histogram.Distribution distribution) {
    List<String> bins = distribution.bins().entrySet().stream().map(TextPage::bin).toList();
    return String.join(", ", bins);
  }

  private static String bin(Map.Entry<Histogram.Bin, Long> entry) {
    return Numbers.detailed(entry.getKey().bottom())
        + ","
        + Numbers.detailed(entry.getKey().width())
        + ":"
        + entry.getValue();
  }

  private void line(ByteString name, String rest) {
    page.writeBytes(name.toByteArray());
    page.writeBytes((rest + "\n").getBytes(UTF_8));
  }

  @Override
  public byte[] done() {
    return page.toByteArray();
  }
}
