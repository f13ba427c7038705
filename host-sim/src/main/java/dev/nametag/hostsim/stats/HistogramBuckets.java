package dev.nametag.hostsim.stats;

import java.util.List;

/**
 * The bounds of the buckets of some histograms: a member of {@code histogram_bucket_settings}.
 *
 * @param match of the full name, before tags are found in it
 * @param bounds in any order
 */
public record HistogramBuckets(StatsMatcher.Match match, List<Double> bounds) {

  /** The bounds of histograms about which nothing is said. */
  static final List<Double> DEFAULT =
      List.of(
          0.5, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0,
          30000.0, 60000.0, 300000.0, 600000.0, 1800000.0, 3600000.0);

  /** Sorts and copies. */
  public HistogramBuckets {
    bounds = bounds.stream().sorted().toList();
  }

  /** The first that matches and has bounds says it. */
  static List<Double> of(StatName name, List<HistogramBuckets> settings) {
    return settings.stream()
        .filter(each -> !each.bounds().isEmpty() && each.match().matches(name))
        .map(HistogramBuckets::bounds)
        .findFirst()
        .orElse(DEFAULT);
  }
}
