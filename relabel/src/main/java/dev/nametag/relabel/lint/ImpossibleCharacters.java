package dev.nametag.relabel.lint;

import dev.nametag.relabel.lint.RegexShape.Chars;
import dev.nametag.relabel.lint.RegexShape.Choice;
import dev.nametag.relabel.lint.RegexShape.Group;
import dev.nametag.relabel.lint.RegexShape.Literal;
import dev.nametag.relabel.lint.RegexShape.Node;
import dev.nametag.relabel.lint.RegexShape.Repeat;
import dev.nametag.relabel.lint.RegexShape.Sequence;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Characters in a class that no metric name of Envoy contains: it writes them as underscores. */
final class ImpossibleCharacters implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      Set<String> seen = new HashSet<>();
      for (LintRule rule : list.rules()) {
        if (rule.readsName() && !rule.generated() && seen.add(rule.rule().get().regex())) {
          check(list, rule, findings);
        }
      }
    }
  }

  private static void check(RuleList list, LintRule rule, Findings findings) {
    Optional<RegexSamples> samples = rule.samples();
    OptionalInt found =
        samples.isEmpty() ? OptionalInt.empty() : find(new Sequence(samples.get().parts()));
    if (found.isPresent()) {
      String c = Character.toString(found.getAsInt());
      findings.add(
          "impossible-character",
          list,
          rule,
          "a class allows "
              + c
              + ", which no metric name of Envoy contains: Envoy writes it as _, so that a"
              + c
              + "b and a_b are one caller",
          "a" + c + "b arrives as a_b",
          "names in which such characters are escaped; leave " + c + " out of the class");
    }
  }

  private static OptionalInt find(Node node) {
    if (node instanceof Chars chars) {
      return chars.open()
          ? OptionalInt.empty()
          : chars.allowed().stream().filter(c -> !isNameCharacter(c)).findFirst();
    }
    if (node instanceof Group group) {
      return find(group.inner());
    }
    if (node instanceof Repeat repeat) {
      return find(repeat.inner());
    }
    List<Node> parts =
        node instanceof Sequence sequence
            ? sequence.parts()
            : node instanceof Choice choice ? choice.parts() : List.of();
    return parts.stream()
        .map(ImpossibleCharacters::find)
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  /** Returns the first character of a literal that must match and no metric name has. */
  static OptionalInt required(List<Node> parts) {
    return parts.stream()
        .filter(part -> part instanceof Literal)
        .flatMapToInt(part -> ((Literal) part).text().chars())
        .filter(c -> !isNameCharacter(c))
        .findFirst();
  }

  private static boolean isNameCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == ':';
  }
}
