package dev.nametag.naming;

import java.util.List;

/**
 * A counter family.
 *
 * @param name see {@link Names#isMetric}
 * @param count which requests it counts
 * @param labels in the order in which they stand in the name; may be empty
 */
public record Metric(String name, Count count, List<Label> labels) {

  /** Copies. */
  public Metric {
    labels = List.copyOf(labels);
  }
}
