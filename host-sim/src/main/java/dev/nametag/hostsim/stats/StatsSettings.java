package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.List;
import java.util.Set;

/**
 * What the bootstrap of an Envoy says about stats, and which Envoy it is.
 *
 * @param namespaces the first tokens that pages drop; {@code wasmcustom} is one as soon as a Wasm
 *     filter was configured
 * @param flushOnAdmin whether each look at a page merges histograms, which else wait for {@link
 *     Stats#flush}
 */
public record StatsSettings(
    TagSet tags,
    StatsMatcher matcher,
    List<HistogramBuckets> histogramBuckets,
    Set<String> namespaces,
    EnvoyVersion version,
    boolean flushOnAdmin) {

  /** Plain Envoy. */
  public static final StatsSettings ENVOY = of(TagSet.ENVOY);

  /** A proxy of Istio. */
  public static final StatsSettings ISTIO = of(TagSet.ISTIO).with(StatsMatcher.ISTIO);

  /** A proxy of Envoy Gateway. */
  public static final StatsSettings ENVOY_GATEWAY = of(TagSet.ENVOY_GATEWAY);

  /** Copies. */
  public StatsSettings {
    histogramBuckets = List.copyOf(histogramBuckets);
    namespaces = Set.copyOf(namespaces);
  }

  /** The latest Envoy with these tags, which keeps all stats. */
  public static StatsSettings of(TagSet tags) {
    return new StatsSettings(
        tags, StatsMatcher.ALL, List.of(), Set.of("wasmcustom"), EnvoyVersion.LATEST, true);
  }

  /** The same with other tags. */
  public StatsSettings with(TagSet others) {
    return new StatsSettings(others, matcher, histogramBuckets, namespaces, version, flushOnAdmin);
  }

  /** The same with another matcher. */
  public StatsSettings with(StatsMatcher other) {
    return new StatsSettings(tags, other, histogramBuckets, namespaces, version, flushOnAdmin);
  }

  /** The same with buckets of its own. */
  public StatsSettings with(HistogramBuckets... settings) {
    return new StatsSettings(tags, matcher, List.of(settings), namespaces, version, flushOnAdmin);
  }

  /** The same with other namespaces. */
  public StatsSettings withNamespaces(String... names) {
    return new StatsSettings(tags, matcher, histogramBuckets, Set.of(names), version, flushOnAdmin);
  }

  /** The same in another release. */
  public StatsSettings in(EnvoyVersion release) {
    return new StatsSettings(tags, matcher, histogramBuckets, namespaces, release, flushOnAdmin);
  }

  /** The same, where only {@link Stats#flush} merges histograms: Envoy's default. */
  public StatsSettings flushedByInterval() {
    return new StatsSettings(tags, matcher, histogramBuckets, namespaces, version, false);
  }
}
