package dev.nametag.relabel.engine;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;

/**
 * A compiled regex, anchored as Prometheus 3 anchors it: {@code ^(?s:RE)$}; or as it stands, for
 * the actions of vmagent that look for it anywhere.
 *
 * <p>Beside the program it keeps the texts that a match can begin with, if they are few: most rules
 * do not apply to most series, and comparing a prefix costs much less than starting the machine.
 */
final class RegexProgram {
  private final Pattern pattern;
  private final List<String> prefixes;
  private final boolean matchesAll;

  private RegexProgram(String regex, boolean anchored, Pattern pattern) {
    this.pattern = pattern;
    this.prefixes = anchored ? LiteralPrefixes.of(regex) : List.of("");
    this.matchesAll = anchored && regex.equals(RelabelRule.DEFAULT_REGEX);
  }

  /**
   * Returns the program of a regex.
   *
   * @throws InvalidRuleException if RE2 does not take it
   */
  static RegexProgram compile(String regex, boolean anchored) {
    String whole = anchored ? "^(?s:" + regex + ")$" : regex;
    String reason = RegexLimits.reasonToRefuse(whole);
    if (!reason.isEmpty()) {
      throw refuse(regex, reason);
    }
    try {
      return new RegexProgram(regex, anchored, Pattern.compile(whole));
    } catch (PatternSyntaxException e) {
      throw refuse(regex, e.getDescription());
    }
  }

  private static InvalidRuleException refuse(String regex, String reason) {
    String shown = regex.length() <= 1000 ? regex : regex.substring(0, 1000) + "…";
    return new InvalidRuleException(
        "regex", "error parsing regexp: " + reason + ": `" + shown + "`");
  }

  Pattern pattern() {
    return pattern;
  }

  /** Returns a matcher with a memory of one input; not for several threads. */
  Run newRun() {
    return new Run();
  }

  /** One program on one input after another. */
  final class Run {
    private final Matcher matcher = pattern.matcher("");
    private String input;
    private boolean matched;

    /**
     * Returns whether the regex matches. The answer for the last input is remembered, since rules
     * that share a regex and its source labels follow each other.
     */
    boolean matches(String text) {
      if (text.equals(input)) {
        return matched;
      }
      input = text;
      matched = mayMatch(text) && (matchesAll || matcher.reset(text).find());
      return matched;
    }

    /** Appends what a group captured in the input that matched last; nothing if it took no part. */
    void appendGroup(int group, StringBuilder to) {
      if (matchesAll) {
        to.append(input);
        return;
      }
      int start = matcher.start(group);
      if (start >= 0) {
        to.append(input, start, matcher.end(group));
      }
    }

    /**
     * Appends the input with every match replaced; it has matched before. As in Go's ReplaceAll, an
     * empty match right behind another one does not count.
     */
    void appendReplaced(Template replacement, StringBuilder to) {
      if (matchesAll) {
        replacement.expand(this, to);
        return;
      }
      String text = input;
      int copied = 0;
      matcher.reset(text);
      int lastEnd = 0;
      while (matcher.find()) {
        to.append(text, copied, matcher.start());
        if (matcher.end() > lastEnd || matcher.start() == 0) {
          replacement.expand(this, to);
        }
        copied = matcher.end();
        lastEnd = copied;
      }
      to.append(text, copied, text.length());
      input = null;
    }

    private boolean mayMatch(String text) {
      for (String prefix : prefixes) {
        if (text.startsWith(prefix)) {
          return true;
        }
      }
      return false;
    }
  }
}
