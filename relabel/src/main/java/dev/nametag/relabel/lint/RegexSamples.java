package dev.nametag.relabel.lint;

import com.google.re2j.Pattern;
import dev.nametag.relabel.lint.RegexShape.Chars;
import dev.nametag.relabel.lint.RegexShape.Choice;
import dev.nametag.relabel.lint.RegexShape.Group;
import dev.nametag.relabel.lint.RegexShape.Literal;
import dev.nametag.relabel.lint.RegexShape.Node;
import dev.nametag.relabel.lint.RegexShape.Repeat;
import dev.nametag.relabel.lint.RegexShape.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Texts that a regex matches, made up from its shape and confirmed by the engine's own regex. */
final class RegexSamples {
  /** What people and machines are called, as it arrives in a metric name. */
  static final List<String> VALUES = List.of("alice", "bob", "a_b", "a__b", "x_40y", "9");

  private static final int MAX_LENGTH = 2000;
  private static final List<String> PREFERRED = List.of("ax0_", "by1_");

  private final Pattern pattern;
  private final List<Node> parts;

  private RegexSamples(Pattern pattern, List<Node> parts) {
    this.pattern = pattern;
    this.parts = parts;
  }

  /** Returns the samples of a regex that the engine takes, or nothing if it is not understood. */
  static Optional<RegexSamples> of(String regex) {
    return RegexShape.of(regex)
        .map(parts -> new RegexSamples(Pattern.compile("^(?s:" + regex + ")$"), parts));
  }

  /** Returns the parts of the regex in order. */
  List<Node> parts() {
    return parts;
  }

  /** Returns whether the regex matches the whole text. */
  boolean matches(String text) {
    return pattern.matcher(text).find();
  }

  /** Returns some texts that match: plain ones first, then with values of all sorts in groups. */
  Set<String> texts() {
    Set<String> texts = new LinkedHashSet<>();
    for (int variant = 0; variant < PREFERRED.size(); variant++) {
      addIfMatching(text(Map.of(), variant), texts);
    }
    for (int group : groups()) {
      for (String value : VALUES) {
        addIfMatching(text(Map.of(group, value), 0), texts);
      }
    }
    return texts;
  }

  private void addIfMatching(Optional<String> text, Set<String> to) {
    text.filter(this::matches).ifPresent(to::add);
  }

  /** Returns the numbers of the capturing groups that stand at the top. */
  List<Integer> groups() {
    List<Integer> groups = new ArrayList<>();
    for (Node part : parts) {
      if (part instanceof Group group && group.index() > 0) {
        groups.add(group.index());
      }
    }
    return groups;
  }

  /** Returns a text with these values in these groups; it may match or not. */
  Optional<String> text(Map<Integer, String> values, int variant) {
    return text(values, Map.of(), variant);
  }

  /**
   * Returns a text with these values in these groups and other texts for these parts, by their
   * index; it may match or not.
   */
  Optional<String> text(Map<Integer, String> values, Map<Integer, String> instead, int variant) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      String other = instead.get(i);
      if (other != null) {
        text.append(other);
      } else if (!append(parts.get(i), values, variant, text)) {
        return Optional.empty();
      }
    }
    return Optional.of(text.toString());
  }

  private static boolean append(
      Node node, Map<Integer, String> values, int variant, StringBuilder to) {
    if (to.length() > MAX_LENGTH) {
      return false;
    }
    if (node instanceof Literal literal) {
      to.append(literal.text());
      return true;
    }
    if (node instanceof Chars chars) {
      OptionalInt c = pick(chars, variant);
      c.ifPresent(to::appendCodePoint);
      return c.isPresent();
    }
    if (node instanceof Group group) {
      String value = values.get(group.index());
      if (group.index() > 0 && value != null) {
        to.append(value);
        return true;
      }
      return append(group.inner(), values, variant, to);
    }
    if (node instanceof Sequence sequence) {
      return sequence.parts().stream().allMatch(part -> append(part, values, variant, to));
    }
    if (node instanceof Choice choice) {
      List<Node> ways = choice.parts();
      return append(ways.get(Math.min(variant, ways.size() - 1)), values, variant, to);
    }
    Repeat repeat = (Repeat) node;
    boolean wanted = repeat.inner() instanceof Chars && repeat.max() != 0;
    int times = Math.max(repeat.min(), wanted ? 1 : 0);
    for (int i = 0; i < times; i++) {
      if (!append(repeat.inner(), values, variant, to)) {
        return false;
      }
    }
    return true;
  }

  private static OptionalInt pick(Chars chars, int variant) {
    for (char c : PREFERRED.get(variant).toCharArray()) {
      if (chars.allowed().get(c)) {
        return OptionalInt.of(c);
      }
    }
    int first = chars.allowed().nextSetBit('!');
    return first < 0 ? OptionalInt.empty() : OptionalInt.of(first);
  }

  /** Returns every text that matches, if they are few; nothing if they are not. */
  Optional<Set<String>> all(int limit) {
    return all(new Sequence(parts), limit);
  }

  private static Optional<Set<String>> all(Node node, int limit) {
    Set<String> found = new LinkedHashSet<>();
    if (node instanceof Literal literal) {
      found.add(literal.text());
    } else if (node instanceof Group group) {
      return all(group.inner(), limit);
    } else if (node instanceof Choice choice) {
      for (Node way : choice.parts()) {
        Optional<Set<String>> some = all(way, limit);
        if (some.isEmpty()) {
          return some;
        }
        found.addAll(some.get());
      }
    } else if (node instanceof Repeat repeat && repeat.min() == 0 && repeat.max() == 1) {
      Optional<Set<String>> some = all(repeat.inner(), limit);
      some.ifPresent(found::addAll);
      found.add("");
      return some.isEmpty() ? some : Optional.of(found);
    } else if (node instanceof Sequence sequence) {
      found.add("");
      for (Node part : sequence.parts()) {
        Optional<Set<String>> some = all(part, limit);
        if (some.isEmpty() || found.size() * some.get().size() > limit) {
          return Optional.empty();
        }
        Set<String> longer = new LinkedHashSet<>();
        found.forEach(start -> some.get().forEach(end -> longer.add(start + end)));
        found = longer;
      }
    } else {
      return Optional.empty();
    }
    return found.size() > limit ? Optional.empty() : Optional.of(found);
  }

  /** Returns the text that every match begins with, as far as it is certain. */
  String prefix() {
    return parts.get(0) instanceof Literal literal ? literal.text() : "";
  }

  /** Returns the prefix if everything that begins so matches: {@code text.*}. */
  Optional<String> openPrefix() {
    Node last = parts.get(parts.size() - 1);
    boolean open =
        last instanceof Repeat repeat
            && repeat.min() == 0
            && repeat.max() < 0
            && repeat.inner() instanceof Chars chars
            && chars.open()
            && chars.allowed().cardinality() > 90;
    return open && parts.size() == 2 && !prefix().isEmpty()
        ? Optional.of(prefix())
        : Optional.empty();
  }

  /** Returns the values of group numbers in a text that matches, by a leftmost match. */
  Map<Integer, String> captured(String text) {
    Map<Integer, String> captured = new HashMap<>();
    var matcher = pattern.matcher(text);
    if (matcher.find()) {
      for (int i = 1; i <= matcher.groupCount(); i++) {
        captured.put(i, matcher.group(i) == null ? "" : matcher.group(i));
      }
    }
    return captured;
  }
}
