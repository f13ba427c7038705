package dev.nametag.hostsim.stats;

import java.util.Map;

/** A bracket expression of {@code std::regex}. Source: libc++, __parse_bracket_expression. */
final class StdRegexBrackets {

  /** Those of the C locale. */
  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("alnum", "0-9A-Za-z"),
          Map.entry("alpha", "A-Za-z"),
          Map.entry("blank", " \\t"),
          Map.entry("cntrl", "\\x00-\\x1f\\x7f"),
          Map.entry("digit", "0-9"),
          Map.entry("graph", "\\x21-\\x7e"),
          Map.entry("lower", "a-z"),
          Map.entry("print", "\\x20-\\x7e"),
          Map.entry("punct", "\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e"),
          Map.entry("space", "\\s"),
          Map.entry("upper", "A-Z"),
          Map.entry("xdigit", "0-9A-Fa-f"),
          Map.entry("d", "0-9"),
          Map.entry("s", "\\s"),
          Map.entry("w", "\\w"));

  private final StdRegexText text;
  private final StringBuilder out;

  private StdRegexBrackets(StdRegexText text, StringBuilder out) {
    this.text = text;
    this.out = out;
  }

  /** Translates what stands behind an opening bracket, up to the one that closes it. */
  static void translate(StdRegexText text, StringBuilder out) {
    new StdRegexBrackets(text, out).translate();
  }

  private void translate() {
    boolean negated = text.take("^");
    if (text.take("]")) {
      // Of no characters, or of all but none.
      out.append(negated ? "[\\s\\S]" : "(?!)");
      return;
    }
    out.append(negated ? "[^" : "[");
    while (!text.take("]")) {
      if (text.ended()) {
        throw text.refused("a bracket is not closed");
      }
      member();
    }
    out.append(']');
  }

  private void member() {
    if (text.startsWith("[=") || text.startsWith("[.")) {
      throw new IllegalArgumentException(
          "regex: equivalence classes and collating symbols are not simulated");
    }
    if (text.take("[:")) {
      named();
      return;
    }
    if (isClass()) {
      escapedClass();
      return;
    }
    char first = character();
    out.append(StdRegexText.literal(first));
    if (text.startsWith("-") && !text.startsWith("-]")) {
      text.take("-");
      range(first);
    }
  }

  private void named() {
    StringBuilder name = new StringBuilder();
    while (!text.ended() && !text.startsWith(":]")) {
      name.append(text.next());
    }
    String members = CLASSES.get(name.toString());
    if (!text.take(":]") || members == null) {
      throw text.refused("[:" + name + ":]");
    }
    out.append(members);
  }

  private void escapedClass() {
    out.append(text.next()).append(text.next());
    if (text.startsWith("-") && !text.startsWith("-]")) {
      throw text.refused("a range that begins with a class");
    }
  }

  private void range(char first) {
    if (text.ended()) {
      throw text.refused("a bracket is not closed");
    }
    if (isClass()) {
      throw text.refused("a range that ends with a class");
    }
    char last = character();
    if (last < first) {
      throw text.refused("a range that ends before it begins");
    }
    out.append('-').append(StdRegexText.literal(last));
  }

  private boolean isClass() {
    return "dDsSwW".chars().anyMatch(c -> text.startsWith("\\" + (char) c));
  }

  private char character() {
    if (!text.take("\\")) {
      return text.next();
    }
    if (text.ended()) {
      throw text.refused("a bracket is not closed");
    }
    return text.take("b") ? '\b' : text.escapedCharacter();
  }
}
