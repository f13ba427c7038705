package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.MemoryMap;

/**
 * What callers can make the VMs of a proxy remember, the same in each: so many label sets over all
 * metrics of a configuration, and so many bytes, whichever is spent first. What comes after that
 * shares a series. Nothing is ever given back, as Envoy forgets no metric either.
 */
final class SeriesBudget {
  /** A quarter of the heap; chunks of the map that cannot be filled up add a fourth of that. */
  private static final int MAX_BYTES = 32 << 20;

  private static final int METRIC_BYTES = 4;

  private int seriesLeft;
  private int bytesLeft = MAX_BYTES;

  SeriesBudget(int series) {
    this.seriesLeft = series;
  }

  /** Returns whether there is room for a label set that has not been seen before. */
  @HeapFree
  boolean hasRoom(int keyBytes, int metrics) {
    return seriesLeft > 0 && bytes(keyBytes, metrics) <= bytesLeft;
  }

  /** Takes what a label set needs for which there is room. */
  void take(int keyBytes, int metrics) {
    seriesLeft--;
    bytesLeft -= bytes(keyBytes, metrics);
  }

  /** There is no room for anything any more. */
  void close() {
    seriesLeft = 0;
  }

  @HeapFree
  private static int bytes(int keyBytes, int metrics) {
    return MemoryMap.bytes(keyBytes, METRIC_BYTES * metrics);
  }
}
