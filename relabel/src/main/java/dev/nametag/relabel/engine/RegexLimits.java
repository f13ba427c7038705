package dev.nametag.relabel.engine;

/**
 * Tells a regex that would compile to a huge program, as Go does and re2j does not: {@code
 * ((a{1000}){1000}){1000}} is short and would take all memory.
 *
 * <p>Source: Go regexp/syntax, maxHeight, maxSize and the limit of 1000 on nested repetition. The
 * size is counted in atoms here and limited to a million, the text to {@value #MAX_LENGTH}
 * characters.
 */
final class RegexLimits {
  private static final int MAX_LENGTH = 100_000;
  private static final int MAX_DEPTH = 1000;
  private static final int MAX_REPEAT = 1000;
  private static final int MAX_SIZE = 1_000_000;

  private final String regex;
  private int at;

  /** The largest product of repetitions inside what was read last. */
  private long repeat;

  private String reason = "";

  private RegexLimits(String regex) {
    this.regex = regex;
  }

  /**
   * Returns why a regex is too deep or too large, the empty text if it is not; whether it is a
   * regex at all, the compiler says.
   *
   * @param anchored the regex with its anchors, since a parenthesis in it may close theirs
   */
  static String reasonToRefuse(String anchored) {
    if (anchored.length() > MAX_LENGTH) {
      return "expression too large";
    }
    RegexLimits limits = new RegexLimits(anchored);
    limits.group(0);
    return limits.reason;
  }

  /** Reads up to the end or a closing parenthesis and returns the size in atoms. */
  private long group(int depth) {
    if (depth > MAX_DEPTH) {
      reason = "expression nests too deeply";
    }
    long size = 0;
    long largestRepeat = 1;
    while (reason.isEmpty() && at < regex.length() && regex.charAt(at) != ')') {
      repeat = 1;
      long atom = atom(depth);
      long times = times();
      repeat *= times;
      largestRepeat = Math.max(largestRepeat, repeat);
      size += atom * times;
      if (reason.isEmpty() && repeat > MAX_REPEAT) {
        reason = "invalid repeat count";
      } else if (reason.isEmpty() && size > MAX_SIZE) {
        reason = "expression too large";
      }
    }
    repeat = largestRepeat;
    return size;
  }

  private long atom(int depth) {
    char c = regex.charAt(at++);
    if (c == '(') {
      long size = group(depth + 1);
      at++;
      return size + 1;
    }
    if (c == '\\') {
      if (regex.startsWith("Q", at)) {
        int start = at;
        int end = regex.indexOf("\\E", at);
        at = end < 0 ? regex.length() : end + 2;
        return (long) at - start;
      }
      at++;
    } else if (c == '[') {
      skipClass();
    }
    return 1;
  }

  private void skipClass() {
    int start = regex.startsWith("^", at) ? at + 1 : at;
    for (at = start; at < regex.length(); at++) {
      char c = regex.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == ']' && at > start) {
        at++;
        return;
      } else if (regex.startsWith("[:", at) && regex.indexOf(":]", at) > 0) {
        at = regex.indexOf(":]", at) + 1;
      }
    }
  }

  /** Reads {@code {n}}, {@code {n,}} or {@code {n,m}} and returns how many copies it makes. */
  private long times() {
    int end = regex.startsWith("{", at) ? regex.indexOf('}', at) : -1;
    if (end < 0) {
      return 1;
    }
    long largest = 1;
    for (String number : regex.substring(at + 1, end).split(",", 2)) {
      if (!number.chars().allMatch(c -> c >= '0' && c <= '9') || number.length() > 9) {
        return 1;
      }
      largest = Math.max(largest, number.isEmpty() ? 1 : Long.parseLong(number));
    }
    at = end + 1;
    return largest;
  }
}
