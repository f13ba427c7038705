package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.engine.RelabelRules;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Labels that only served other rules and were never dropped; rules for series keep them. */
final class TemporaryLabels implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      check(list, list.runnable(), findings);
    }
  }

  private static void check(RuleList list, RelabelRules rules, Findings findings) {
    Set<String> seen = new HashSet<>();
    Set<Labels> witnesses = list.witnesses();
    for (LintRule rule : list.rules()) {
      String label = rule.rule().map(RelabelRule::targetLabel).orElse("");
      if (!label.startsWith("__") || label.equals(LabelNames.METRIC_NAME) || !seen.add(label)) {
        continue;
      }
      for (Labels witness : witnesses) {
        Optional<Labels> result = rules.apply(witness);
        if (result.isPresent() && result.get().has(label) && !witness.has(label)) {
          findings.add(
              "temporary-label-left",
              list,
              rule,
              "the label "
                  + label
                  + " is still there after the last rule; rules for series do not take such labels"
                  + " away, rules for targets do",
              Leftovers.becomes(witness, rules),
              "{action: labeldrop, regex: " + label + "} at the end");
          break;
        }
      }
    }
  }
}
