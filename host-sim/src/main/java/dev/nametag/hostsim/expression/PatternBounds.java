package dev.nametag.hostsim.expression;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether RE2 would compile a pattern. RE2/J would compile more, and what is repeated within what
 * is repeated can become larger than any memory.
 *
 * <p>Source: RE2 re2/parse.cc, RepetitionWalker and maximum_repeat_count; re2/compile.cc,
 * Compiler::Setup, with the memory that re2/re2.h, Options, gives by default. What RE2 counts are
 * instructions, here it is characters, repeated: somewhat more or less.
 */
final class PatternBounds {

  private static final Pattern COUNTS = Pattern.compile("([0-9]{1,4})(?:,([0-9]{1,4})?)?}");

  private static final int MOST_REPETITIONS = 1000;
  private static final int MOST_INSTRUCTIONS = 87_000;

  private final String pattern;
  private final Deque<Part> open = new ArrayDeque<>();

  private Part part = new Part();
  private int at;

  /** What stands in a group, or outside of all. */
  private static final class Part {
    private long size = 1;
    private int repetitions = 1;

    /** The last one in it, which can be repeated. */
    private long lastSize;

    private int lastRepetitions = 1;

    void add(long itemSize, int itemRepetitions) {
      size += itemSize;
      repetitions = Math.max(repetitions, itemRepetitions);
      lastSize = itemSize;
      lastRepetitions = itemRepetitions;
    }

    boolean repeat(int times) {
      size += lastSize * (times - 1L);
      lastSize *= times;
      lastRepetitions *= times;
      repetitions = Math.max(repetitions, lastRepetitions);
      return lastRepetitions <= MOST_REPETITIONS && size <= MOST_INSTRUCTIONS;
    }
  }

  private PatternBounds(String pattern) {
    this.pattern = pattern;
  }

  /** Whether it is not too large; what is no pattern at all may be either. */
  static boolean admit(String pattern) {
    return new PatternBounds(pattern).admit();
  }

  private boolean admit() {
    boolean admitted = true;
    while (admitted && at < pattern.length()) {
      char next = pattern.charAt(at);
      at++;
      switch (next) {
        case '(' -> {
          open.push(part);
          part = new Part();
        }
        case ')' -> admitted = close();
        case '[' -> characterClass();
        case '{' -> admitted = repetition();
        case '\\' -> escaped();
        default -> part.add(1, 1);
      }
    }
    return admitted && part.size <= MOST_INSTRUCTIONS;
  }

  private boolean close() {
    if (!open.isEmpty()) {
      Part group = part;
      part = open.pop();
      part.add(group.size + 2, group.repetitions);
    }
    return part.size <= MOST_INSTRUCTIONS;
  }

  private void characterClass() {
    // A bracket at the beginning is one of the characters.
    int first = pattern.startsWith("^", at) ? at + 1 : at;
    int end = first + 1;
    while (end < pattern.length() && pattern.charAt(end) != ']') {
      end += pattern.charAt(end) == '\\' ? 2 : 1;
    }
    at = Math.min(end + 1, pattern.length());
    part.add(1, 1);
  }

  private void escaped() {
    if (pattern.startsWith("Q", at)) {
      int end = pattern.indexOf("\\E", at);
      int length = (end < 0 ? pattern.length() : end) - at - 1;
      part.add(length, 1);
      at = end < 0 ? pattern.length() : end + 2;
    } else if (pattern.startsWith("x{", at)) {
      at = Math.max(pattern.indexOf('}', at), at) + 1;
      part.add(1, 1);
    } else {
      at++;
      part.add(1, 1);
    }
  }

  /** {@code {n}}, {@code {n,}} or {@code {n,m}}; anything else is a character. */
  private boolean repetition() {
    Matcher counts = COUNTS.matcher(pattern).region(at, pattern.length());
    if (!counts.lookingAt()) {
      part.add(1, 1);
      return true;
    }
    at = counts.end();
    boolean bounded = counts.group(2) != null;
    int times = Integer.parseInt(counts.group(bounded ? 2 : 1));
    return times <= MOST_REPETITIONS && part.repeat(Math.max(times, 1));
  }
}
