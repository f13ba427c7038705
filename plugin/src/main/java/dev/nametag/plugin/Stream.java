package dev.nametag.plugin;

import dev.nametag.abi.memory.Region;
import java.util.ArrayList;
import java.util.List;

/** Which stream has just ended, for those who remember something about the current one. */
final class Stream {
  /** Another one for every stream. */
  int number;

  /** What the configuration needs of memory, but for the series. */
  final Region region = new Region();

  /** All that can have to be read in Java. */
  final List<JsonText> jsonTexts = new ArrayList<>();
}
