package dev.nametag.relabel.generate;

import dev.nametag.naming.LabelText;
import java.util.Locale;

/**
 * How much of the {@code lossless} profile's encoding the generated rules undo.
 *
 * @param mode how far to go
 * @param text the alphabet to decode and, where there is a bound, how many escapes
 */
public record Decoding(Mode mode, LabelText text) {
  /** How far rules go. */
  public enum Mode {
    /** As far as the target can; those that need no bound on the number of escapes have none. */
    FULL,
    /** Every target gives exactly what Prometheus gives, so that targets can be mixed. */
    COMMON,
    /** Nothing is decoded; the rules are few and short. Labels are still unique. */
    NONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What holds unless someone chooses otherwise. */
  public static final Decoding DEFAULT = new Decoding(Mode.FULL, LabelText.DEFAULT);

  /** How many escapes {@link LosslessRules} can decode in one value. */
  public static final int MAX_ESCAPES = 16;

  private static final String USED_BY_RULES = "<>;";

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if the alphabet has a character that the rules themselves use,
   *     or the bound is larger than {@link #MAX_ESCAPES}
   */
  public Decoding {
    if (text.maxEscapes() > MAX_ESCAPES) {
      throw new IllegalArgumentException(
          "maxEscapes: " + text.maxEscapes() + " is more than " + MAX_ESCAPES);
    }
    for (int i = 0; i < text.alphabet().length(); i++) {
      if (USED_BY_RULES.indexOf(text.alphabet().charAt(i)) >= 0) {
        throw new IllegalArgumentException(
            "alphabet: the rules themselves use '" + text.alphabet().charAt(i) + "'");
      }
    }
  }

  /** Returns what labels look like on targets that need a bound, Prometheus among them. */
  public LabelText bounded() {
    return decodes() ? text : new LabelText("", 1);
  }

  /** Returns what labels look like on targets that need no bound. */
  public LabelText unbounded() {
    return mode == Mode.FULL && decodes()
        ? new LabelText(text.alphabet(), Integer.MAX_VALUE)
        : bounded();
  }

  boolean decodes() {
    return mode != Mode.NONE && !text.alphabet().isEmpty();
  }
}
