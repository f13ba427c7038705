package dev.nametag.hostsim.stats;

import static dev.nametag.hostsim.stats.StatsQuery.Buckets.PROMETHEUS_NATIVE;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * All stats of one simulated Envoy, safe for use by many threads.
 *
 * <p>A name stands for at most one counter, one gauge, one histogram and one text readout, which
 * are different stats. Nothing is ever removed. Only what modules define is here; Envoy's own stats
 * are not simulated.
 */
public final class Stats {

  private static final Counter NO_COUNTER = new Counter(false);
  private static final Gauge NO_GAUGE = new Gauge(false);
  private static final Histogram NO_HISTOGRAM = new Histogram(List.of(), false);

  private final ConcurrentMap<StatName, Counter> counters = new ConcurrentHashMap<>();
  private final ConcurrentMap<StatName, Gauge> gauges = new ConcurrentHashMap<>();
  private final ConcurrentMap<StatName, Histogram> histograms = new ConcurrentHashMap<>();
  private final ConcurrentMap<StatName, TextReadout> textReadouts = new ConcurrentHashMap<>();

  private final ConcurrentMap<StatName, TaggedName> taggedNames = new ConcurrentHashMap<>();
  private final StatsSettings settings;

  /** No stats yet, in an Envoy with its default tags. */
  public Stats() {
    this(StatsSettings.ENVOY);
  }

  /** No stats yet, in a host that finds these tags in their names. */
  public Stats(TagSet tags) {
    this(StatsSettings.of(tags));
  }

  /** No stats yet, in a host with these settings. */
  public Stats(StatsSettings settings) {
    this.settings = settings;
  }

  /** The counter of that name, made when there was none; one that counts nothing if refused. */
  public Counter defineCounter(StatName name) {
    return settings.matcher().keeps(name)
        ? counters.computeIfAbsent(tagged(name), key -> new Counter(true))
        : NO_COUNTER;
  }

  /** The gauge of that name, made when there was none; one that stays zero if refused. */
  public Gauge defineGauge(StatName name) {
    return settings.matcher().keeps(name)
        ? gauges.computeIfAbsent(tagged(name), key -> new Gauge(true))
        : NO_GAUGE;
  }

  /** The histogram of that name, made when there was none; one that stays empty if refused. */
  public Histogram defineHistogram(StatName name) {
    return settings.matcher().keeps(name)
        ? histograms.computeIfAbsent(
            tagged(name),
            key -> new Histogram(HistogramBuckets.of(key, settings.histogramBuckets()), true))
        : NO_HISTOGRAM;
  }

  /** The text readout of that name, made when there was none. */
  public TextReadout defineTextReadout(StatName name) {
    return textReadouts.computeIfAbsent(tagged(name), key -> new TextReadout());
  }

  /** Looks for tags when the name comes up for the first time, as Envoy does. */
  private StatName tagged(StatName name) {
    taggedNames.computeIfAbsent(name, settings.tags()::extract);
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

  /** Merges histograms: what was recorded becomes the interval, and part of the whole. */
  public void flush() {
    histograms.values().forEach(Histogram::merge);
  }

  /** Merges histograms, and says what there is for sinks of stats. */
  public StatsUpdate flushToSinks() {
    flush();
    StatsUpdate update = new StatsUpdate();
    new TreeMap<>(counters)
        .forEach(
            (name, counter) ->
                update.counter(name.bytes(), counter.used(), counter.value(), counter.latch()));
    new TreeMap<>(gauges)
        .forEach((name, gauge) -> update.gauge(name.bytes(), gauge.used(), gauge.value()));
    return update;
  }

  private void flushOnAdmin() {
    if (settings.flushOnAdmin()) {
      flush();
    }
  }

  /** The body of {@code /stats/prometheus} with everything in it. */
  public byte[] prometheusPage() {
    return prometheusPage(StatsQuery.ALL);
  }

  /**
   * The body of {@code /stats/prometheus}.
   *
   * @throws IllegalArgumentException with the words that Envoy answers when histograms cannot be
   *     shown in the form that is wanted
   */
  public byte[] prometheusPage(StatsQuery query) {
    return prometheus(query, new PrometheusPage(settings, buckets(query)));
  }

  /** Whether it is a release in which {@code /stats/prometheus} has a form in protobuf. */
  public boolean knowsProtobuf() {
    return settings.version().atLeast(EnvoyVersion.V1_38);
  }

  /**
   * The body of {@code /stats/prometheus} in protobuf: messages MetricFamily, each with its length
   * before it.
   *
   * @throws IllegalArgumentException with the words that Envoy answers when histograms cannot be
   *     shown in the form that is wanted
   */
  public byte[] prometheusProtobuf(StatsQuery query) {
    return prometheus(query, new PrometheusProtobuf(settings, query));
  }

  /** Releases that know of no native histograms do not know that word. */
  private Optional<StatsQuery.Buckets> buckets(StatsQuery query) {
    if (!knowsProtobuf() && query.buckets().equals(Optional.of(PROMETHEUS_NATIVE))) {
      throw new IllegalArgumentException(StatsQuery.BUCKETS_USAGE);
    }
    return query.buckets();
  }

  private byte[] prometheus(StatsQuery query, PrometheusFormat page) {
    flushOnAdmin();
    groups(counters, Counter::used, query, page::counters);
    groups(gauges, Gauge::used, query, page::gauges);
    if (query.textReadouts()) {
      groups(textReadouts, TextReadout::used, query, page::textReadouts);
    }
    groups(histograms, Histogram::used, query, page::histograms);
    return page.bytes();
  }

  /** Writes the stats of one kind, grouped by what tag extraction leaves of their names. */
  private <T> void groups(
      Map<StatName, T> stats,
      Predicate<T> used,
      StatsQuery query,
      BiConsumer<StatName, List<PrometheusFormat.Series<T>>> writer) {
    Map<StatName, List<PrometheusFormat.Series<T>>> families = new TreeMap<>();
    forEachShown(
        stats,
        used,
        query,
        (name, stat) -> {
          TaggedName tagged = taggedNames.get(name);
          families
              .computeIfAbsent(tagged.family(), family -> new ArrayList<>())
              .add(new PrometheusFormat.Series<>(tagged.tags(), stat));
        });
    families.forEach(writer);
  }

  /** The body of {@code /stats} with everything in it. */
  public byte[] plainPage() {
    return plainPage(StatsQuery.ALL);
  }

  /** The body of {@code /stats}, as text. */
  public byte[] plainPage(StatsQuery query) {
    return page(query, new TextPage(ungrouped(query)));
  }

  private StatsQuery.Buckets ungrouped(StatsQuery query) {
    StatsQuery.Buckets buckets = query.buckets().orElse(StatsQuery.Buckets.SUMMARY);
    if (buckets == PROMETHEUS_NATIVE) {
      throw new IllegalArgumentException(StatsQuery.BUCKETS_USAGE);
    }
    return buckets;
  }

  /** The body of {@code /stats?format=json}. */
  public byte[] jsonPage(StatsQuery query) {
    return page(query, new JsonPage(ungrouped(query)));
  }

  /** Source: Envoy source/server/admin/stats_request.cc: in the order of the names' bytes. */
  private byte[] page(StatsQuery query, StatsPage page) {
    flushOnAdmin();
    Map<ByteString, TextReadout> texts = new TreeMap<>();
    Map<ByteString, List<Long>> numbers = new TreeMap<>();
    Map<ByteString, Histogram> distributions = new TreeMap<>();
    if (query.shows(StatsQuery.Type.TEXT_READOUTS)) {
      forEachShown(
          textReadouts, TextReadout::used, query, (name, stat) -> texts.put(name.bytes(), stat));
    }
    if (query.shows(StatsQuery.Type.COUNTERS)) {
      forEachShown(
          counters, Counter::used, query, (name, stat) -> add(numbers, name, stat.value()));
    }
    if (query.shows(StatsQuery.Type.GAUGES)) {
      forEachShown(gauges, Gauge::used, query, (name, stat) -> add(numbers, name, stat.value()));
    }
    if (query.shows(StatsQuery.Type.HISTOGRAMS)) {
      forEachShown(
          histograms,
          Histogram::used,
          query,
          (name, stat) -> distributions.put(name.bytes(), stat));
    }
    texts.forEach((name, stat) -> page.text(name, stat.value()));
    numbers.forEach((name, values) -> values.forEach(value -> page.number(name, value)));
    distributions.forEach(page::histogram);
    return page.done();
  }

  private static void add(Map<ByteString, List<Long>> numbers, StatName name, long value) {
    numbers.computeIfAbsent(name.bytes(), key -> new ArrayList<>()).add(value);
  }

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
