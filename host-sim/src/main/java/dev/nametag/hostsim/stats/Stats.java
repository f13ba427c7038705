package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nametag.hostsim.bytes.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * All stats of one simulated Envoy, safe for use by many threads.
 *
 * <p>A name stands for at most one counter, one gauge and one histogram, which are different stats.
 * Nothing is ever removed. Only what modules define is here; Envoy's own stats are not simulated.
 */
public final class Stats {

  private final ConcurrentMap<StatName, Counter> counters = new ConcurrentHashMap<>();
  private final ConcurrentMap<StatName, Gauge> gauges = new ConcurrentHashMap<>();
  private final ConcurrentMap<StatName, Histogram> histograms = new ConcurrentHashMap<>();

  private final ConcurrentMap<StatName, TaggedName> taggedNames = new ConcurrentHashMap<>();
  private final TagSet tags;

  /** No stats yet, in an Envoy with its default tags. */
  public Stats() {
    this(TagSet.ENVOY);
  }

  /** No stats yet, in a host that finds these tags in their names. */
  public Stats(TagSet tags) {
    this.tags = tags;
  }

  /** The counter of that name, made when there was none. */
  public Counter defineCounter(StatName name) {
    return counters.computeIfAbsent(tagged(name), key -> new Counter());
  }

  /** The gauge of that name, made when there was none. */
  public Gauge defineGauge(StatName name) {
    return gauges.computeIfAbsent(tagged(name), key -> new Gauge());
  }

  /** The histogram of that name, made when there was none. */
  public Histogram defineHistogram(StatName name) {
    return histograms.computeIfAbsent(tagged(name), key -> new Histogram());
  }

  /** Looks for tags when the name comes up for the first time, as Envoy does. */
  private StatName tagged(StatName name) {
    taggedNames.computeIfAbsent(name, tags::extract);
    return name;
  }

  /** The value of a counter by its full name, such as {@code wasmcustom.calls}. */
  public OptionalLong counter(String name) {
    Counter counter = counters.get(new StatName(ByteString.utf8(name)));
    return counter == null ? OptionalLong.empty() : OptionalLong.of(counter.value());
  }

  /** The value of a gauge by its full name. */
  public OptionalLong gauge(String name) {
    Gauge gauge = gauges.get(new StatName(ByteString.utf8(name)));
    return gauge == null ? OptionalLong.empty() : OptionalLong.of(gauge.value());
  }

  /** The body of {@code /stats/prometheus} with everything in it. */
  public byte[] prometheusPage() {
    return prometheusPage(StatsQuery.ALL);
  }

  /**
   * The body of {@code /stats/prometheus}. Histograms are merged first, as with Envoy's {@code
   * stats_flush_on_admin}.
   */
  public byte[] prometheusPage(StatsQuery query) {
    histograms.values().forEach(Histogram::merge);
    PrometheusPage page = new PrometheusPage();
    groups(counters, Counter::used, query, page::counters);
    groups(gauges, Gauge::used, query, page::gauges);
    groups(histograms, Histogram::used, query, page::histograms);
    return page.bytes();
  }

  /** Writes the stats of one kind, grouped by what tag extraction leaves of their names. */
  private <T> void groups(
      Map<StatName, T> stats,
      Predicate<T> used,
      StatsQuery query,
      BiConsumer<StatName, List<PrometheusPage.Series<T>>> writer) {
    Map<StatName, List<PrometheusPage.Series<T>>> families = new TreeMap<>();
    forEachShown(
        stats,
        used,
        query,
        (name, stat) -> {
          TaggedName tagged = taggedNames.get(name);
          families
              .computeIfAbsent(tagged.family(), family -> new ArrayList<>())
              .add(new PrometheusPage.Series<>(tagged.tags(), stat));
        });
    families.forEach(writer);
  }

  /** The body of {@code /stats} with everything in it. */
  public byte[] plainPage() {
    return plainPage(StatsQuery.ALL);
  }

  /**
   * The body of {@code /stats}: a line {@code name: value} for each counter and gauge, in the order
   * of the names' bytes. Source: Envoy source/server/admin/stats_request.cc.
   */
  public byte[] plainPage(StatsQuery query) {
    List<Line> lines = new ArrayList<>();
    forEachShown(counters, Counter::used, query, (n, c) -> lines.add(new Line(n, c.value())));
    forEachShown(gauges, Gauge::used, query, (n, g) -> lines.add(new Line(n, g.value())));
    lines.sort(Comparator.comparing(line -> line.name().bytes()));
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    for (Line line : lines) {
      page.writeBytes(line.name().bytes().toByteArray());
      page.writeBytes((": " + Long.toUnsignedString(line.value()) + "\n").getBytes(US_ASCII));
    }
    return page.toByteArray();
  }

  /** A line of the plain page. */
  private record Line(StatName name, long value) {}

  /** Visits the stats that the query shows, in the order of their names. */
  private static <T> void forEachShown(
      Map<StatName, T> stats,
      Predicate<T> used,
      StatsQuery query,
      BiConsumer<StatName, T> visitor) {
    new TreeMap<>(stats)
        .forEach(
            (name, stat) -> {
              if (query.shows(name, used.test(stat))) {
                visitor.accept(name, stat);
              }
            });
  }
}
