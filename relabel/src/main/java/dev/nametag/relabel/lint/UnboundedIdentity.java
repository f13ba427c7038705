package dev.nametag.relabel.lint;

import dev.nametag.relabel.lint.RegexShape.Chars;
import dev.nametag.relabel.lint.RegexShape.Group;
import dev.nametag.relabel.lint.RegexShape.Node;
import dev.nametag.relabel.lint.RegexShape.Repeat;
import java.util.List;

/** Identities in names: each is a statistic of its own in the proxy, for ever. */
final class UnboundedIdentity implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      list.rules().stream()
          .filter(rule -> rule.extracts() && !rule.generated())
          .filter(rule -> rule.samples().map(s -> isUnbounded(s.parts())).orElse(false))
          .findFirst()
          .ifPresent(rule -> report(list, rule, findings));
    }
  }

  private static boolean isUnbounded(List<Node> parts) {
    return parts.stream()
        .anyMatch(
            part ->
                part instanceof Group group
                    && group.index() > 0
                    && group.inner() instanceof Repeat repeat
                    && repeat.max() < 0
                    && repeat.inner() instanceof Chars);
  }

  private static void report(RuleList list, LintRule rule, Findings findings) {
    List<String> names = rule.samples().get().texts().stream().limit(2).toList();
    findings.add(
        "unbounded-identity",
        list,
        rule,
        "nothing bounds the values in the name: each is a statistic that the proxy keeps until it"
            + " restarts, also when the caller is long gone, and a series that never goes stale",
        String.join("\n", names),
        "a filter with a budget, that counts what is beyond it under a shared name");
  }
}
