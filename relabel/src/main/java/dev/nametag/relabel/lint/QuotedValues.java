package dev.nametag.relabel.lint;

import dev.nametag.relabel.lint.RegexShape.Group;
import dev.nametag.relabel.lint.RegexShape.Literal;
import dev.nametag.relabel.lint.RegexShape.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Values that stand in names with the quotes of their JSON text, which the proxy has turned into
 * underscores: {@code __user___alice___group__}.
 */
final class QuotedValues implements Check {
  private static final String OPENED = "___";

  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      Set<String> seen = new HashSet<>();
      for (LintRule rule : list.rules()) {
        if (rule.extracts() && !rule.generated() && seen.add(rule.rule().get().regex())) {
          rule.samples()
              .flatMap(samples -> example(samples))
              .ifPresent(
                  example ->
                      findings.add(
                          "quoted-value",
                          list,
                          rule,
                          "the value stands between three underscores: two separate, the third is a"
                              + " quote of JSON text that the filter has not taken off, so that the"
                              + " border depends on how the value was quoted",
                          example,
                          "a filter that takes JSON text apart, with rules generated for it"));
        }
      }
    }
  }

  private static Optional<String> example(RegexSamples samples) {
    List<Node> parts = samples.parts();
    for (int i = 0; i + 2 < parts.size(); i++) {
      if (parts.get(i) instanceof Literal before
          && parts.get(i + 1) instanceof Group group
          && parts.get(i + 2) instanceof Literal after
          && group.index() > 0
          && before.text().endsWith(OPENED)
          && after.text().startsWith(OPENED)) {
        return samples.texts().stream().findFirst();
      }
    }
    return Optional.empty();
  }
}
