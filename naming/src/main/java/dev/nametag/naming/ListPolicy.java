package dev.nametag.naming;

/**
 * What a label shows of a value that is a list, such as the groups of a caller. Whatever form the
 * list comes in (a JSON array, a text with commas, a list of the host's, quoted or not), its
 * elements are the same, without empty ones, and so is what the label shows.
 */
public enum ListPolicy {
  /** The label takes no lists. */
  NONE("none"),

  /** The first element in the order of the list. */
  FIRST("first"),

  /**
   * Each element once, in the order of their bytes, with {@code +} between them; a {@code +} or
   * {@code \} within an element has a {@code \} before it, so that no two lists look the same.
   */
  JOINED("joined"),

  /** The request counts once for each element, at most for {@link #MAX_ELEMENTS} of them. */
  ALL("all");

  /** For how many elements one request can count; what is beyond counts once, as other. */
  public static final int MAX_ELEMENTS = 32;

  private final String text;

  ListPolicy(String text) {
    this.text = text;
  }

  /** Returns what configurations call it; {@link #NONE} is never called. */
  public String text() {
    return text;
  }

  /** Returns the policy that a configuration calls so, {@code null} if there is none. */
  static ListPolicy of(String text) {
    for (ListPolicy each : values()) {
      if (each != NONE && each.text.equals(text)) {
        return each;
      }
    }
    return null;
  }
}
