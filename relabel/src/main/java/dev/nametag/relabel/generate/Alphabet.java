package dev.nametag.relabel.generate;

import dev.nametag.naming.LabelText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of regexes that decode escapes in two steps: one writes the alphabet behind each code,
 * the other lets the code pick its character.
 *
 * <p>For targets that can replace every match in a text, {@link #spreadRegex} and {@link
 * #spreadReplacement} write the alphabet behind each code, so that {@code a_40b} becomes {@code
 * a<40-.@/: +_>b}. {@link #pickRegex} lets the code decide how many characters are skipped before
 * the one that is kept. Both look at each escape by itself, so that what one escape becomes is
 * never read again: {@code _5f2d}, which is a literal {@code _2d}, stays one.
 *
 * <p>Only for texts that {@link #decodableRegex} matches.
 */
final class Alphabet {
  private static final String PLAIN = "[A-Za-z0-9]*";

  private final LabelText text;

  Alphabet(LabelText text) {
    this.text = text;
  }

  /** Returns a regex for encoded values that become readable, the empty one too. */
  String decodableRegex() {
    if (text.alphabet().isEmpty()) {
      return PLAIN;
    }
    boolean bounded = text.maxEscapes() < Integer.MAX_VALUE;
    return PLAIN
        + "(?:_"
        + nonCapturing(codes())
        + PLAIN
        + ")"
        + (bounded ? "{0," + text.maxEscapes() + "}" : "*");
  }

  /** Returns a regex for one escape; group 1 is the code. */
  String spreadRegex() {
    return "_(" + codes() + ")";
  }

  /** Returns what to put for it. */
  String spreadReplacement() {
    return "<${1}" + dictionary() + ">";
  }

  /** Returns a regex for what the first step has put; group 1 is the character. */
  String pickRegex() {
    return "<" + selectRegex() + ">";
  }

  /** Returns the alphabet as a replacement writes it. */
  String dictionary() {
    return text.alphabet().replace("$", "$$");
  }

  /**
   * Returns a regex for a code and the alphabet behind it, with one group: the character that the
   * code stands for, before which it skips as many as come first.
   */
  String selectRegex() {
    StringBuilder select = new StringBuilder();
    byDigit()
        .forEach(
            (first, seconds) -> {
              List<String> ways = new ArrayList<>();
              seconds.forEach((second, skipped) -> ways.add(second + skip(skipped)));
              String all = String.join("|", ways);
              select.append(select.length() == 0 ? "" : "|").append(first);
              select.append(ways.size() == 1 ? all : nonCapturing(all));
            });
    return nonCapturing(select.toString()) + "(.)[^>]*";
  }

  /** Returns a regex for the alphabet with no code in front of it, in which nothing is picked. */
  String unusedRegex() {
    return quote(text.alphabet().substring(0, 1)) + skip(text.alphabet().length() - 1);
  }

  /** Returns alternatives, by their first digit, that match the hex codes of the alphabet. */
  String codes() {
    StringBuilder codes = new StringBuilder();
    byDigit()
        .forEach(
            (first, seconds) -> {
              String all = String.join("", seconds.keySet());
              codes.append(codes.length() == 0 ? "" : "|").append(first);
              codes.append(all.length() == 1 ? all : "[" + all + "]");
            });
    return codes.toString();
  }

  /** For each first hex digit of a code, each second one, and the character's place. */
  private Map<String, Map<String, Integer>> byDigit() {
    Map<String, Map<String, Integer>> digits = new LinkedHashMap<>();
    for (int i = 0; i < text.alphabet().length(); i++) {
      String hex = Integer.toHexString(text.alphabet().charAt(i));
      digits
          .computeIfAbsent(hex.substring(0, 1), first -> new LinkedHashMap<>())
          .put(hex.substring(1), i);
    }
    return digits;
  }

  private static String skip(int count) {
    return count < 4 ? ".".repeat(count) : ".{" + count + "}";
  }

  /** Quotes what RE2 would read as an operator; everything else stays readable. */
  static String quote(String literal) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < literal.length(); i++) {
      if ("\\.+*?()|[]{}^$".indexOf(literal.charAt(i)) >= 0) {
        out.append('\\');
      }
      out.append(literal.charAt(i));
    }
    return out.toString();
  }

  private static String nonCapturing(String alternatives) {
    return "(?:" + alternatives + ")";
  }
}
