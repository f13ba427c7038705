package dev.nametag.plugin;

import dev.nametag.naming.Outcome;
import java.util.Set;

/** Sets of outcomes as bits of a number. */
final class Outcomes {
  /** The highest bit. */
  static final int HIGHEST = 16;

  private Outcomes() {}

  /** Returns the bit of an outcome. */
  static int bit(Outcome outcome) {
    return switch (outcome) {
      case AUTHORIZED -> 1;
      case LIMITED -> 2;
      case DENIED -> 4;
      case ERROR -> 8;
      case ABORTED -> 16;
    };
  }

  static int bits(Set<Outcome> outcomes) {
    int bits = 0;
    for (Outcome outcome : outcomes) {
      bits |= bit(outcome);
    }
    return bits;
  }
}
