package dev.nametag.relabel.engine;

/**
 * Which names there are: in the classic character set, and since Prometheus 3 any UTF-8 text
 * (Prometheus data model, "Metric names and labels").
 */
public final class LabelNames {
  /** The label that holds the metric name. */
  public static final String METRIC_NAME = "__name__";

  private LabelNames() {}

  /** Returns whether the name is {@code [a-zA-Z_][a-zA-Z0-9_]*}. */
  public static boolean isLabelName(String name) {
    return isName(name, false);
  }

  /** Returns whether the name is {@code [a-zA-Z_:][a-zA-Z0-9_:]*}. */
  public static boolean isMetricName(String name) {
    return isName(name, true);
  }

  private static boolean isName(String name, boolean colonAllowed) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      boolean digit = c >= '0' && c <= '9' && i > 0;
      if (!letter && !digit && !(c == ':' && colonAllowed)) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /**
   * Returns whether the name is not empty and can be written in UTF-8: it has no half of a pair of
   * surrogates.
   */
  public static boolean isUtf8Name(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < name.length()
                && Character.isLowSurrogate(name.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return !name.isEmpty();
  }

  /**
   * Returns whether the text can expand to a classic label name: letters, digits, underscores and
   * group references, not starting with a digit.
   */
  static boolean isLegacyTemplate(String text) {
    for (int i = 0; i < text.length(); ) {
      if (text.charAt(i) != '$') {
        if (!isWord(text.charAt(i)) || (i == 0 && Character.isDigit(text.charAt(i)))) {
          return false;
        }
        i++;
        continue;
      }
      boolean brace = text.startsWith("${", i);
      int start = i + (brace ? 2 : 1);
      int end = start;
      while (end < text.length() && isWord(text.charAt(end))) {
        end++;
      }
      if (end == start || (brace && !text.startsWith("}", end))) {
        return false;
      }
      i = brace ? end + 1 : end;
    }
    return !text.isEmpty();
  }

  private static boolean isWord(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || c == '_');
  }
}
