package dev.nametag.plugin;

/**
 * What callers can make a VM remember: so many label sets over all metrics of a configuration, and
 * so many bytes, whichever is spent first. What comes after that shares a series. Nothing is ever
 * given back, as Envoy forgets no metric either.
 */
final class SeriesBudget {
  /** A quarter of the heap: tables are copied when they grow, and half of a copy can be empty. */
  private static final int MAX_BYTES = 32 << 20;

  /** What the tables need for a series beside its key, and for each of its metrics. */
  private static final int SERIES_BYTES = 24;

  private static final int METRIC_BYTES = 4;

  private int seriesLeft;
  private int bytesLeft = MAX_BYTES;

  SeriesBudget(int series) {
    this.seriesLeft = series;
  }

  /** Takes what a label set needs that has not been seen before; returns whether there was room. */
  boolean take(int keyBytes, int metrics) {
    int bytes = keyBytes + SERIES_BYTES + METRIC_BYTES * metrics;
    if (seriesLeft == 0 || bytes > bytesLeft) {
      return false;
    }
    seriesLeft--;
    bytesLeft -= bytes;
    return true;
  }
}
