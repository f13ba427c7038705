package dev.nametag.relabel.lint;

import com.google.re2j.Pattern;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.lint.RegexShape.Group;
import dev.nametag.relabel.lint.RegexShape.Literal;
import dev.nametag.relabel.lint.RegexShape.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Values that may contain what separates them: two identities then have one name. */
final class AmbiguousBorders implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      Set<String> seen = new HashSet<>();
      for (LintRule rule : list.rules()) {
        if (rule.extracts() && seen.add(rule.rule().get().regex())) {
          rule.samples()
              .flatMap(samples -> example(list, samples))
              .ifPresent(
                  example ->
                      findings.add(
                          "ambiguous-border",
                          list,
                          rule,
                          "a value may contain the text that separates it from the next, so that a"
                              + " caller can choose where the border lies, and who he is",
                          example,
                          "names whose values cannot contain the separator, and a class without _"));
        }
      }
    }
  }

  private static Optional<String> example(RuleList list, RegexSamples samples) {
    List<Node> parts = samples.parts();
    for (int i = 0; i + 1 < parts.size(); i++) {
      boolean apart = i + 2 < parts.size() && parts.get(i + 1) instanceof Literal;
      Node next = parts.get(apart ? i + 2 : i + 1);
      if (parts.get(i) instanceof Group first
          && next instanceof Group second
          && first.index() > 0
          && second.index() > 0) {
        String border = apart ? ((Literal) parts.get(i + 1)).text() : "";
        Optional<String> example = example(list, samples, first, border, second);
        if (example.isPresent()) {
          return example;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> example(
      RuleList list, RegexSamples samples, Group first, String border, Group second) {
    String longFirst = "x" + border + "admin";
    String longSecond = "admin" + border + "free";
    Optional<String> name =
        samples.text(Map.of(first.index(), longFirst, second.index(), "free"), 0);
    if (name.isEmpty()
        || !LabelNames.isMetricName(name.get())
        || !list.canExist(name.get())
        || !samples.matches(name.get())
        || !matches(first, "x")
        || !matches(second, longSecond)) {
      return Optional.empty();
    }
    Map<Integer, String> read = samples.captured(name.get());
    String one = "(\"x\", \"" + longSecond + "\")";
    String other = "(\"" + longFirst + "\", \"free\")";
    String taken = "(\"" + read.get(first.index()) + "\", \"" + read.get(second.index()) + "\")";
    return Optional.of(
        name.get() + "\nis the name of " + one + " and of " + other + ";\nthe rule reads " + taken);
  }

  private static boolean matches(Group group, String text) {
    return Pattern.compile("^(?s:" + group.source() + ")$").matcher(text).find();
  }
}
