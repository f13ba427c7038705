package dev.nametag.naming;

import java.util.List;

/**
 * A metric family.
 *
 * @param name see {@link Names#isMetric}
 * @param count which requests it counts
 * @param measure what it measures of them
 * @param labels in the order in which they stand in the name; may be empty
 */
public record Metric(String name, Count count, Measure measure, List<Label> labels) {

  /** Copies. */
  public Metric {
    labels = List.copyOf(labels);
  }

  /** A counter of requests. */
  public Metric(String name, Count count, List<Label> labels) {
    this(name, count, Measure.CALLS, labels);
  }

  /**
   * Returns whether its series have {@code _bucket}, {@code _sum} and {@code _count} behind them.
   */
  public boolean isHistogram() {
    return measure.kind() == Measure.Kind.HISTOGRAM;
  }
}
