package dev.nametag.relabel.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the texts that every match of a regex begins with one of.
 *
 * <p>Only what is certain counts: literal ASCII characters, groups and alternatives of them. At
 * anything else (a class, a quantifier, a flag) the prefix ends; a prefix may be empty, which then
 * allows everything. Never wrong, often short.
 */
final class LiteralPrefixes {
  private static final int MAX_PREFIXES = 32;
  private static final int MAX_LENGTH = 256;
  private static final int MAX_DEPTH = 16;
  private static final List<String> ANYTHING = List.of("");

  private final String regex;
  private int at;

  private LiteralPrefixes(String regex) {
    this.regex = regex;
  }

  /** Returns the prefixes, at least one. */
  static List<String> of(String regex) {
    LiteralPrefixes parser = new LiteralPrefixes(regex);
    List<Prefix> found = parser.alternatives(0);
    // A parenthesis that closes nothing here closes the anchor's group: then all bets are off.
    if (found == null || parser.at < regex.length()) {
      return ANYTHING;
    }
    List<String> texts = new ArrayList<>();
    for (Prefix prefix : found) {
      texts.add(prefix.text);
    }
    return texts.contains("") ? ANYTHING : List.copyOf(texts);
  }

  /** Reads up to the end or to an unmatched parenthesis; null if it cannot be told apart. */
  private List<Prefix> alternatives(int depth) {
    if (depth > MAX_DEPTH) {
      return null;
    }
    List<Prefix> all = new ArrayList<>();
    while (true) {
      List<Prefix> one = sequence(depth);
      if (one == null) {
        return null;
      }
      all.addAll(one);
      if (at < regex.length() && regex.charAt(at) == '|') {
        at++;
      } else {
        return all.size() > MAX_PREFIXES ? List.of(new Prefix("", true)) : all;
      }
    }
  }

  private List<Prefix> sequence(int depth) {
    List<Prefix> found = List.of(new Prefix("", false));
    while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
      List<Prefix> atom = atom(depth);
      if (atom == null) {
        return null;
      }
      boolean repeated = at < regex.length() && "*+?{".indexOf(regex.charAt(at)) >= 0;
      if (repeated) {
        at++;
        atom = List.of(new Prefix("", true));
      }
      found = join(found, atom);
    }
    return found;
  }

  /** Reads one atom; an atom that is no literal is an empty prefix that ends here. */
  private List<Prefix> atom(int depth) {
    char c = regex.charAt(at++);
    if (c == '(') {
      return group(depth);
    }
    if (c == '\\' && at < regex.length()) {
      char escaped = regex.charAt(at++);
      if (escaped == 'Q' || escaped == 'p' || escaped == 'P' || escaped == 'x') {
        return null;
      }
      boolean punctuation = escaped < 0x80 && !Character.isLetterOrDigit(escaped);
      return literal(punctuation ? escaped : 0);
    }
    if (c == '[') {
      return skipClass() ? literal('\0') : null;
    }
    return literal(".^$*+?{}]".indexOf(c) >= 0 || c >= 0x80 ? 0 : c);
  }

  private static List<Prefix> literal(int c) {
    return List.of(c == 0 ? new Prefix("", true) : new Prefix(Character.toString(c), false));
  }

  private List<Prefix> group(int depth) {
    if (regex.startsWith("?:", at)) {
      at += 2;
    } else if (regex.startsWith("?P<", at) || regex.startsWith("?<", at)) {
      at = regex.indexOf('>', at) + 1;
      if (at == 0) {
        return null;
      }
    } else if (regex.startsWith("?", at)) {
      return null;
    }
    List<Prefix> inner = alternatives(depth + 1);
    if (inner == null || at >= regex.length() || regex.charAt(at) != ')') {
      return null;
    }
    at++;
    return inner;
  }

  /** Moves past a class; false if it never ends. A bracket that comes first stands for itself. */
  private boolean skipClass() {
    int start = at;
    if (regex.startsWith("^", at)) {
      start++;
    }
    for (at = start; at < regex.length(); at++) {
      char c = regex.charAt(at);
      if (c == '\\') {
        if (regex.startsWith("Q", at + 1)) {
          return false;
        }
        at++;
      } else if (c == '[' && regex.startsWith("[:", at)) {
        int close = regex.indexOf(":]", at + 2);
        if (close >= 0) {
          at = close + 1;
        }
      } else if (c == ']' && at > start) {
        at++;
        return true;
      }
    }
    return false;
  }

  private static List<Prefix> join(List<Prefix> first, List<Prefix> then) {
    boolean allEnded = true;
    boolean tooLong = false;
    for (Prefix prefix : first) {
      allEnded &= prefix.ended;
      tooLong |= prefix.text.length() > MAX_LENGTH;
    }
    if (allEnded) {
      return first;
    }
    if (tooLong || first.size() * then.size() > MAX_PREFIXES) {
      return first.stream().map(prefix -> new Prefix(prefix.text, true)).toList();
    }
    List<Prefix> joined = new ArrayList<>();
    for (Prefix prefix : first) {
      if (prefix.ended) {
        joined.add(prefix);
        continue;
      }
      for (Prefix next : then) {
        joined.add(new Prefix(prefix.text + next.text, next.ended));
      }
    }
    return joined;
  }

  /** A text that a match begins with; {@code ended} if nothing is known of what follows. */
  private record Prefix(String text, boolean ended) {}
}
