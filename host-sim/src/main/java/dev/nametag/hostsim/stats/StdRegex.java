package dev.nametag.hostsim.stats;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads the ECMAScript syntax of {@code std::regex} over bytes, as libc++ has it, into a pattern
 * over Latin-1 text.
 *
 * <p>Translated are {@code $}, which matches only at the very end, {@code .}, which matches all but
 * line feed and carriage return, and what may stand in brackets. Refused are groups that {@code
 * std::regex} does not know. Everything else is near enough to mean the same.
 */
final class StdRegex {

  /**
   * From the documentation of TagSpecifier.regex, Envoy api/envoy/config/metrics/v3/stats.proto.
   */
  private static final int MAX_BYTES = 1024;

  private static final Map<String, String> CLASSES =
      Map.of(
          "[:digit:]", "0-9",
          "[:alpha:]", "A-Za-z",
          "[:alnum:]", "0-9A-Za-z",
          "[:upper:]", "A-Z",
          "[:lower:]", "a-z",
          "[:xdigit:]", "0-9A-Fa-f",
          "[:space:]", "\\s");

  private StdRegex() {}

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
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < bytes.length()) {
      char c = bytes.charAt(i);
      if (c == '[') {
        i = brackets(bytes, i, out);
        continue;
      }
      if (c == '\\' && i + 1 < bytes.length()) {
        out.append(c).append(bytes.charAt(++i));
      } else if (c == '(' && bytes.startsWith("(?", i) && !isKnownGroup(bytes, i)) {
        throw new IllegalArgumentException("regex: std::regex knows no such group: " + regex);
      } else {
        out.append(c == '$' ? "\\z" : c == '.' ? "[^\\n\\r]" : Character.toString(c));
      }
      i++;
    }
    try {
      return Pattern.compile(out.toString());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("regex: " + e.getDescription() + ": " + regex, e);
    }
  }

  private static boolean isKnownGroup(String regex, int at) {
    return regex.startsWith("(?:", at)
        || regex.startsWith("(?=", at)
        || regex.startsWith("(?!", at);
  }

  /** Copies a bracket expression and returns the index behind it. */
  private static int brackets(String regex, int start, StringBuilder out) {
    out.append('[');
    int i = start + 1;
    if (regex.startsWith("^", i)) {
      out.append('^');
      i++;
    }
    while (i < regex.length() && regex.charAt(i) != ']') {
      char c = regex.charAt(i);
      if (c == '\\' && i + 1 < regex.length()) {
        out.append(c).append(regex.charAt(i + 1));
        i += 2;
        continue;
      }
      String named = c == '[' ? namedClass(regex, i) : null;
      if (named != null) {
        out.append(CLASSES.get(named));
        i += named.length();
        continue;
      }
      // Java would read these as a class within the class or as an intersection.
      out.append(c == '[' || c == '&' ? "\\" + c : Character.toString(c));
      i++;
    }
    if (i == regex.length()) {
      throw new IllegalArgumentException("regex: a bracket is not closed: " + regex);
    }
    out.append(']');
    return i + 1;
  }

  private static String namedClass(String regex, int at) {
    for (String name : CLASSES.keySet()) {
      if (regex.startsWith(name, at)) {
        return name;
      }
    }
    return null;
  }

  /**
   * A text that every match contains, possibly empty. Looking for it first spares most searches.
   */
  static String literalStart(String regex) {
    String bytes = TagExtractor.utf8InLatin1(regex);
    StringBuilder literal = new StringBuilder();
    if (bytes.indexOf('|') >= 0) {
      return "";
    }
    int i = bytes.startsWith("^") ? 1 : 0;
    if (bytes.startsWith("(", i)
        && (bytes.contains(")?") || bytes.contains(")*") || bytes.contains("){"))) {
      return "";
    }
    while (i < bytes.length() && bytes.charAt(i) == '(' && !bytes.startsWith("(?", i)) {
      i++;
    }
    while (i < bytes.length()) {
      char c = bytes.charAt(i);
      int length = 1;
      if (c == '\\' && bytes.startsWith("\\.", i)) {
        c = '.';
        length = 2;
      } else if ("\\.[](){}*+?^$".indexOf(c) >= 0) {
        break;
      }
      if (i + length < bytes.length() && "*+?{".indexOf(bytes.charAt(i + length)) >= 0) {
        break;
      }
      literal.append(c);
      i += length;
    }
    return literal.toString();
  }
}
