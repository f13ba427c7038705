package dev.nametag.cli.gateway;

import dev.nametag.hostsim.stats.HistogramBuckets;
import dev.nametag.hostsim.stats.StatsMatcher;
import dev.nametag.hostsim.stats.StatsSettings;
import dev.nametag.hostsim.stats.TagSet;
import dev.nametag.hostsim.stats.TagSet.Specifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway file says about stats: a bootstrap that is merged into that of a profile.
 *
 * @param useAllDefaultTags empty when nothing is said
 * @param matcher empty when nothing is said
 * @param flushInterval after which histograms show; none if they show whenever somebody looks
 */
public record StatsConfig(
    Optional<Boolean> useAllDefaultTags,
    List<Specifier> statsTags,
    Optional<StatsMatcher> matcher,
    List<HistogramBuckets> histogramBuckets,
    Optional<Duration> flushInterval) {

  /** Copies. */
  public StatsConfig {
    statsTags = List.copyOf(statsTags);
    histogramBuckets = List.copyOf(histogramBuckets);
  }

  /**
   * Returns the settings of a proxy of that profile. As Envoy merges bootstraps: lists grow, other
   * values are replaced.
   *
   * @param extraStatTags of Istio's mesh configuration
   */
  public StatsSettings in(Profile profile, List<String> extraStatTags) {
    List<Specifier> tags = new ArrayList<>(profile.statsTags(extraStatTags));
    tags.addAll(statsTags);
    return StatsSettings.of(
            TagSet.custom(tags, useAllDefaultTags.orElse(profile.useAllDefaultTags())))
        .with(matcher.map(own -> merged(profile.matcher(), own)).orElse(profile.matcher()))
        .with(histogramBuckets.toArray(HistogramBuckets[]::new));
  }

  private static StatsMatcher merged(StatsMatcher base, StatsMatcher own) {
    boolean bothLists = !base.patterns().isEmpty() && !own.patterns().isEmpty();
    if (!bothLists || base.inclusion() != own.inclusion()) {
      return own;
    }
    List<StatsMatcher.Match> patterns = new ArrayList<>(base.patterns());
    patterns.addAll(own.patterns());
    return new StatsMatcher(base.inclusion(), patterns);
  }
}
