package dev.nametag.hostsim.stats;

import java.util.BitSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads the ECMAScript syntax of {@code std::regex} over bytes, as libc++ has it, into a pattern
 * over Latin-1 text.
 *
 * <p>Whatever that syntax does not have is refused, also where java.util.regex would understand it:
 * possessive quantifiers, {@code \z}, {@code \Q}, named groups, flags, looking behind. Refused,
 * too, though libc++ takes them: equivalence classes, collating symbols, and ranges that end before
 * they begin.
 *
 * <p>Source: C++ [re.grammar]; libc++ include/regex, basic_regex::__parse_ecma_exp.
 */
final class StdRegex {

  /**
   * From the documentation of TagSpecifier.regex, Envoy api/envoy/config/metrics/v3/stats.proto.
   */
  private static final int MAX_BYTES = 1024;

  private static final String WORD_BOUNDARY = "(?:(?<=\\w)(?!\\w)|(?<!\\w)(?=\\w))";
  private static final String NO_WORD_BOUNDARY = "(?:(?<=\\w)(?=\\w)|(?<!\\w)(?!\\w))";

  private final StringBuilder out = new StringBuilder();
  private final StdRegexText text;
  private final BitSet looksAhead = new BitSet();
  private int depth;
  private int groups;

  private StdRegex(String regex) {
    text = new StdRegexText(regex);
  }

  /**
   * Compiles.
   *
   * @throws IllegalArgumentException when it is no regular expression or longer than Envoy takes
   */
  static Pattern compile(String regex) {
    String bytes = TagExtractor.utf8InLatin1(regex);
    if (bytes.length() > MAX_BYTES) {
      throw new IllegalArgumentException("regex: longer than " + MAX_BYTES + " bytes");
    }
    try {
      return Pattern.compile(new StdRegex(bytes).translate());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("regex: " + e.getDescription() + ": " + regex, e);
    } catch (StdRegexText.RefusedException e) {
      throw new IllegalArgumentException(
          "regex: " + e.getMessage() + ", which std::regex refuses: " + regex, e);
    }
  }

  private String translate() {
    while (!text.ended()) {
      if (!assertion() && !grouping()) {
        atom();
        quantifier();
      }
    }
    if (depth > 0) {
      throw text.refused("a group is not closed");
    }
    return out.toString();
  }

  /** What matches no text; no quantifier can follow. */
  private boolean assertion() {
    if (text.take("^")) {
      out.append('^');
    } else if (text.take("$")) {
      out.append("\\z");
    } else if (text.take("\\b")) {
      out.append(WORD_BOUNDARY);
    } else if (text.take("\\B")) {
      out.append(NO_WORD_BOUNDARY);
    } else {
      return false;
    }
    text.refuseQuantifier();
    return true;
  }

  private boolean grouping() {
    if (text.take("|")) {
      out.append('|');
    } else if (text.take("(?:")) {
      open("(?:", false);
    } else if (text.take("(?=")) {
      open("(?=", true);
    } else if (text.take("(?!")) {
      open("(?!", true);
    } else if (text.take("(")) {
      text.refuseQuantifier();
      groups++;
      open("(", false);
    } else if (depth > 0 && text.take(")")) {
      close();
    } else {
      return false;
    }
    return true;
  }

  private void open(String group, boolean ahead) {
    out.append(group);
    looksAhead.set(depth++, ahead);
  }

  private void close() {
    out.append(')');
    if (looksAhead.get(--depth)) {
      text.refuseQuantifier();
    } else {
      quantifier();
    }
  }

  private void atom() {
    char c = text.next();
    switch (c) {
      case '.' -> out.append("[^\\n\\r]");
      case '[' -> StdRegexBrackets.translate(text, out);
      case '\\' -> escape();
      case '*', '+', '?', '{' -> throw text.refused("nothing to repeat at " + c);
      case ')', ']', '}' -> throw text.refused("a " + c + " that closes nothing");
      default -> out.append(StdRegexText.literal(c));
    }
  }

  private void escape() {
    if (text.ended()) {
      throw text.refused("a \\ at the end");
    }
    char c = text.peek();
    if ("dDsSwW".indexOf(c) >= 0) {
      out.append('\\').append(text.next());
    } else if (c >= '1' && c <= '9') {
      int group = text.number();
      if (group > groups) {
        throw text.refused("no group " + group + " before \\" + group);
      }
      out.append("(?:\\").append(group).append(')');
    } else {
      out.append(StdRegexText.literal(text.escapedCharacter()));
    }
  }

  private void quantifier() {
    if (text.take("*")) {
      out.append('*');
    } else if (text.take("+")) {
      out.append('+');
    } else if (text.take("?")) {
      out.append('?');
    } else if (text.take("{")) {
      braces();
    } else {
      return;
    }
    if (text.take("?")) {
      out.append('?');
    }
    text.refuseQuantifier();
  }

  private void braces() {
    int least = text.number();
    out.append('{').append(least);
    if (text.take(",")) {
      out.append(',');
      if (!text.ended() && text.peek() != '}') {
        int most = text.number();
        if (most < least) {
          throw text.refused("{" + least + "," + most + "}");
        }
        out.append(most);
      }
    }
    if (!text.take("}")) {
      throw text.refused("a { is not closed");
    }
    out.append('}');
  }
}
