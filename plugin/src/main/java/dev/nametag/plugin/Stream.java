package dev.nametag.plugin;

import dev.nametag.abi.memory.Region;
import java.util.ArrayList;
import java.util.List;

/** Which stream has just ended, for those who remember something about the current one. */
final class Stream {
  /** A label was needed and had no value. */
  static final int IDENTITY_MISSING = 1;

  /** There was no room for the label set. */
  static final int OVER_BUDGET = 2;

  /** The host or the filter failed. */
  static final int FAILED = 4;

  /** What happened in the current stream, as the bits above. */
  int marks;

  /** Another one for every stream. */
  int number;

  /** Another one whenever what the host has written before may no longer lie where it lay. */
  int readings;

  /** Whether Kuadrant's data has been seen as a Struct; if not, whether as leaves. */
  boolean structSeen;

  boolean leafFirst;

  /** What the configuration needs of memory, but for the series. */
  final Region region = new Region();

  /** All that can have to be read in Java. */
  final List<ReadInJava> inJava = new ArrayList<>();

  // Null as long as nothing writes numbers.
  private ShortestDigits shortestDigits;

  // Null as long as no label takes lists.
  private ListCache lists;

  /** Returns a writer of numbers with a text of its own. */
  Decimals decimals() {
    if (shortestDigits == null) {
      shortestDigits = new ShortestDigits(region);
    }
    return new Decimals(region, shortestDigits);
  }

  ListCache lists() {
    if (lists == null) {
      lists = new ListCache(region);
    }
    return lists;
  }

  /** Gives all memory back. */
  void free() {
    region.free();
    if (lists != null) {
      lists.free();
    }
  }
}
