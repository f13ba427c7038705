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

  /** What the configuration needs of memory, but for the series. */
  final Region region = new Region();

  /** All that can have to be read in Java. */
  final List<JsonText> jsonTexts = new ArrayList<>();
}
