package dev.nametag.relabel.engine;

/** How values are shown in messages, and how Go changes the case of letters. */
final class Text {
  private Text() {}

  /** Returns the text in double quotes, escaped as in a label value. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c == '\n') {
        quoted.append("\\n");
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /**
   * Returns the text in lower case, each code point by itself as Go's strings.ToLower does; {@code
   * String.toLowerCase} would treat a final sigma specially.
   */
  static String toLowerCase(String text) {
    int[] lower = text.codePoints().map(Character::toLowerCase).toArray();
    return new String(lower, 0, lower.length);
  }

  /**
   * Returns the text in upper case, each code point by itself as Go's strings.ToUpper does; {@code
   * String.toUpperCase} would make {@code SS} of {@code ß}.
   */
  static String toUpperCase(String text) {
    int[] upper = text.codePoints().map(Character::toUpperCase).toArray();
    return new String(upper, 0, upper.length);
  }
}
