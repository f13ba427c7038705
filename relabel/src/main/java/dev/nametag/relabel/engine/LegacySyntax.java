package dev.nametag.relabel.engine;

/**
 * Tells what Go's regexes did not have while Prometheus 2 was built: {@code (?<name>re)}, which
 * came with Go 1.22. Prometheus 2.42 refuses it.
 */
final class LegacySyntax {
  private LegacySyntax() {}

  /**
   * Refuses a regex with a group that is named without P.
   *
   * @throws InvalidRuleException in the words of Prometheus 2.42
   */
  static void check(String regex) {
    boolean inClass = false;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\') {
        boolean quotes = !inClass && regex.startsWith("Q", i + 1);
        int end = quotes ? regex.indexOf("\\E", i + 2) : i + 1;
        i = quotes && end >= 0 ? end + 1 : end;
        if (i < 0) {
          return;
        }
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
        // A bracket that closes nothing stands for itself.
        i += regex.startsWith("^", i + 1) ? 1 : 0;
        i += regex.startsWith("]", i + 1) ? 1 : 0;
      } else if (regex.startsWith("(?<", i)) {
        throw new InvalidRuleException(
            "regex", "error parsing regexp: invalid or unsupported Perl syntax: `(?<`");
      }
    }
  }
}
