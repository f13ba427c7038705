package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.RelabelRule;
import java.util.ArrayList;
import java.util.List;

/** Rules with label names that only Prometheus 3 takes. */
final class Utf8Names implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.lists()) {
      for (LintRule rule : list.rules()) {
        rule.rule()
            .filter(built -> built.dialect() == Dialect.PROMETHEUS)
            .ifPresent(built -> check(list, rule, built, findings));
      }
    }
  }

  private static void check(RuleList list, LintRule rule, RelabelRule built, Findings findings) {
    List<String> names = new ArrayList<>(built.sourceLabels());
    if (built.targetLabel().indexOf('$') < 0 && !built.targetLabel().isEmpty()) {
      names.add(built.targetLabel());
    }
    names.stream()
        .filter(name -> !Dialect.PROMETHEUS_LEGACY.isLabelName(name))
        .findFirst()
        .ifPresent(
            name ->
                findings.add(
                    "utf8-label-name",
                    list,
                    rule,
                    "Prometheus 2, and 3 with legacy names, refuses the label name " + name,
                    name,
                    name.replaceAll("[^a-zA-Z0-9_]", "_")));
  }
}
