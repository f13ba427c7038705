package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelStep;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A rule that takes labels from the name, after one that has stripped them off it. */
final class WrongOrder implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      RelabelRules rules = list.runnable();
      list.rules().stream()
          .filter(rule -> rule.extracts() && !rule.generated())
          .forEach(rule -> check(list, rules, rule, findings));
    }
  }

  private static void check(RuleList list, RelabelRules rules, LintRule rule, Findings findings) {
    Set<String> texts = rule.samples().map(RegexSamples::texts).orElse(Set.of());
    Labels example = null;
    int stripping = -1;
    for (String text : texts) {
      Optional<Labels> series = list.witness(rule, text);
      if (series.isEmpty()) {
        continue;
      }
      List<RelabelStep> steps = rules.trace(series.get());
      int renamed = renamedBefore(steps, rule.index());
      if (renamed < 0 || steps.get(rule.index()).matched()) {
        return;
      }
      example = series.get();
      stripping = renamed;
    }
    if (example != null) {
      findings.add(
          "strip-before-extract",
          list,
          rule,
          "rule " + stripping + " has stripped the name before this rule looks for labels in it",
          Leftovers.becomes(example, rules),
          "this rule before rule " + stripping);
    }
  }

  private static int renamedBefore(List<RelabelStep> steps, int index) {
    for (int i = 0; i < index && index < steps.size(); i++) {
      RelabelStep step = steps.get(i);
      if (step.after().isPresent()
          && !step.after().get().metricName().equals(step.before().metricName())) {
        return i;
      }
    }
    return -1;
  }
}
