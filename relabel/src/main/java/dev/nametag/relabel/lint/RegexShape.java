package dev.nametag.relabel.lint;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * How a regex is built, as far as is needed to make up texts that it matches.
 *
 * <p>Knows the part of RE2 that relabel rules use: literals, classes, groups, alternatives and
 * quantifiers over ASCII. Of anything else there is no shape. Whoever makes up a text lets the real
 * engine confirm that it matches.
 */
final class RegexShape {
  private static final int ASCII = 128;
  private static final int MAX_DEPTH = 100;

  private final String regex;
  private int at;
  private int groups;

  private RegexShape(String regex) {
    this.regex = regex;
  }

  /** A part of a regex. */
  sealed interface Node permits Literal, Chars, Group, Sequence, Choice, Repeat {}

  /** A text that stands for itself; empty for anchors. */
  record Literal(String text) implements Node {}

  /**
   * One character out of some.
   *
   * @param allowed which ASCII characters
   * @param open whether it was written by exclusion: a dot, a negated class
   */
  record Chars(BitSet allowed, boolean open) implements Node {}

  /**
   * A group.
   *
   * @param index its number; 0 if it does not capture
   * @param inner what it holds
   * @param source the regex inside
   */
  record Group(int index, Node inner, String source) implements Node {}

  /** One part after the other. */
  record Sequence(List<Node> parts) implements Node {}

  /** One of several parts. */
  record Choice(List<Node> parts) implements Node {}

  /** A part several times; {@code max} is -1 if there is no bound. */
  record Repeat(Node inner, int min, int max) implements Node {}

  /** Refused by {@link #of}. */
  private static final class UnknownSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Returns the parts of a regex in order, or nothing if its shape is not understood. */
  static Optional<List<Node>> of(String regex) {
    try {
      RegexShape parser = new RegexShape(regex);
      Node root = parser.choice(0);
      if (parser.at < regex.length()) {
        return Optional.empty();
      }
      while (root instanceof Group group && group.index() == 0) {
        root = group.inner();
      }
      return Optional.of(root instanceof Sequence sequence ? sequence.parts() : List.of(root));
    } catch (UnknownSyntaxException e) {
      return Optional.empty();
    }
  }

  private Node choice(int depth) {
    if (depth > MAX_DEPTH) {
      throw new UnknownSyntaxException();
    }
    List<Node> ways = new ArrayList<>();
    ways.add(sequence(depth));
    while (peek('|')) {
      at++;
      ways.add(sequence(depth));
    }
    return ways.size() == 1 ? ways.get(0) : new Choice(ways);
  }

  private Node sequence(int depth) {
    List<Node> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    while (at < regex.length() && !peek('|') && !peek(')')) {
      Node atom = repeated(atom(depth));
      if (atom instanceof Literal text) {
        literal.append(text.text());
        continue;
      }
      if (literal.length() > 0) {
        parts.add(new Literal(literal.toString()));
        literal.setLength(0);
      }
      parts.add(atom);
    }
    if (literal.length() > 0 || parts.isEmpty()) {
      parts.add(new Literal(literal.toString()));
    }
    return parts.size() == 1 ? parts.get(0) : new Sequence(parts);
  }

  private Node repeated(Node atom) {
    if (at >= regex.length()) {
      return atom;
    }
    int min;
    int max;
    switch (regex.charAt(at)) {
      case '*' -> {
        min = 0;
        max = -1;
      }
      case '+' -> {
        min = 1;
        max = -1;
      }
      case '?' -> {
        min = 0;
        max = 1;
      }
      case '{' -> {
        int end = regex.indexOf('}', at);
        String[] bounds = end < 0 ? new String[0] : regex.substring(at + 1, end).split(",", -1);
        if (bounds.length < 1 || bounds.length > 2 || !isNumber(bounds[0])) {
          throw new UnknownSyntaxException();
        }
        min = Integer.parseInt(bounds[0]);
        max = bounds.length == 1 ? min : isNumber(bounds[1]) ? Integer.parseInt(bounds[1]) : -1;
        at = end;
      }
      default -> {
        return atom;
      }
    }
    at++;
    if (peek('?')) {
      at++;
    }
    return new Repeat(atom, min, max);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= 4
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private Node atom(int depth) {
    char c = regex.charAt(at++);
    return switch (c) {
      case '(' -> group(depth);
      case '[' -> charClass();
      case '.' -> new Chars(range(' ', '~'), true);
      case '^', '$' -> new Literal("");
      case '\\' -> escape();
      case '*', '+', '?' -> throw new UnknownSyntaxException();
      default -> new Literal(Character.toString(c));
    };
  }

  private Node group(int depth) {
    int index = 0;
    if (regex.startsWith("?:", at)) {
      at += 2;
    } else if (regex.startsWith("?P<", at) || regex.startsWith("?<", at)) {
      int end = regex.indexOf('>', at);
      if (end < 0) {
        throw new UnknownSyntaxException();
      }
      at = end + 1;
      index = ++groups;
    } else if (peek('?')) {
      throw new UnknownSyntaxException();
    } else {
      index = ++groups;
    }
    int start = at;
    Node inner = choice(depth + 1);
    if (!peek(')')) {
      throw new UnknownSyntaxException();
    }
    return new Group(index, inner, regex.substring(start, at++));
  }

  private Node escape() {
    if (at >= regex.length()) {
      throw new UnknownSyntaxException();
    }
    char c = regex.charAt(at++);
    BitSet named = named(c);
    if (named != null) {
      return new Chars(named, Character.isUpperCase(c));
    }
    return switch (c) {
      case 'A', 'z' -> new Literal("");
      case 'n' -> new Literal("\n");
      case 't' -> new Literal("\t");
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw new UnknownSyntaxException();
        }
        yield new Literal(Character.toString(c));
      }
    };
  }

  private static BitSet named(char c) {
    BitSet set =
        switch (c) {
          case 'd', 'D' -> range('0', '9');
          case 'w', 'W' -> word();
          case 's', 'S' -> {
            BitSet space = new BitSet();
            "\t\n\f\r ".chars().forEach(space::set);
            yield space;
          }
          default -> null;
        };
    if (set != null && Character.isUpperCase(c)) {
      set.flip(0, ASCII);
    }
    return set;
  }

  private static BitSet word() {
    BitSet set = range('a', 'z');
    set.or(range('A', 'Z'));
    set.or(range('0', '9'));
    set.set('_');
    return set;
  }

  private static BitSet range(char from, char to) {
    BitSet set = new BitSet();
    set.set(from, to + 1);
    return set;
  }

  private Node charClass() {
    boolean negated = peek('^');
    at += negated ? 1 : 0;
    BitSet set = new BitSet();
    int start = at;
    while (at < regex.length() && (at == start || !peek(']'))) {
      if (regex.startsWith("[:", at)) {
        throw new UnknownSyntaxException();
      }
      if (peek('\\')) {
        BitSet named = at + 1 < regex.length() ? named(regex.charAt(at + 1)) : null;
        if (named != null) {
          set.or(named);
          at += 2;
          continue;
        }
      }
      char from = classChar();
      if (peek('-') && at + 1 < regex.length() && regex.charAt(at + 1) != ']') {
        at++;
        char to = classChar();
        if (to >= ASCII || from > to) {
          throw new UnknownSyntaxException();
        }
        set.set(from, to + 1);
      } else {
        set.set(from);
      }
    }
    if (!peek(']')) {
      throw new UnknownSyntaxException();
    }
    at++;
    if (negated) {
      set.flip(0, ASCII);
    }
    return new Chars(set, negated);
  }

  private char classChar() {
    char c = regex.charAt(at++);
    if (c == '\\' && at < regex.length()) {
      c = regex.charAt(at++);
      if (Character.isLetterOrDigit(c)) {
        throw new UnknownSyntaxException();
      }
    }
    if (c >= ASCII) {
      throw new UnknownSyntaxException();
    }
    return c;
  }

  private boolean peek(char c) {
    return at < regex.length() && regex.charAt(at) == c;
  }
}
