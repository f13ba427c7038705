package dev.nametag.naming;

import java.util.List;

/**
 * What a metric measures of a request that it counts.
 *
 * @param kind what becomes of the value
 * @param sources where the value comes from, tried in order; empty for {@link Kind#CALLS}
 */
public record Measure(Kind kind, List<Source> sources) {
  /** Each request counts one. */
  public static final Measure CALLS = new Measure(Kind.CALLS, List.of());

  /** Copies. */
  public Measure {
    sources = List.copyOf(sources);
  }

  /** What becomes of a value. */
  public enum Kind {
    /** A counter of requests. */
    CALLS,
    /** A counter that grows by the value: {@code add}. */
    SUM,
    /** A histogram of the values: {@code record}. */
    HISTOGRAM
  }
}
