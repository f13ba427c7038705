package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.explain.SeriesText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Labels that say which target was scraped, overwritten by rules for series: joins with
 * kube-state-metrics and routing of alerts then go astray.
 */
final class OverwrittenTargetLabels implements Check {
  private static final Map<String, String> TARGET_LABELS =
      Map.of(
          "namespace", "llm-d",
          "pod", "gateway-6d4cf56db6-x2x7q",
          "service", "gateway-metrics",
          "instance", "10.244.0.40:15090",
          "job", "gateway-metrics",
          "container", "istio-proxy",
          "endpoint", "http-envoy-metrics");

  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      Map<String, LintRule> overwriting = new LinkedHashMap<>();
      for (LintRule rule : list.rules()) {
        if (rule.rule().isPresent()
            && sets(rule, rule.rule().get().targetLabel())
            && !rule.rule().get().sourceLabels().contains(rule.rule().get().targetLabel())) {
          overwriting.putIfAbsent(rule.rule().get().targetLabel(), rule);
        }
      }
      overwriting.forEach((label, rule) -> check(list, rule, label, findings));
      enforced(list, subject, findings);
    }
  }

  private static boolean sets(LintRule rule, String label) {
    return switch (rule.rule().get().action()) {
      case REPLACE, REPLACE_ALL, HASHMOD, LOWERCASE, UPPERCASE -> !label.isEmpty();
      case KEEP,
          DROP,
          KEEPEQUAL,
          DROPEQUAL,
          KEEP_IF_EQUAL,
          DROP_IF_EQUAL,
          KEEP_METRICS,
          DROP_METRICS,
          LABELMAP,
          LABELMAP_ALL,
          LABELDROP,
          LABELKEEP ->
          false;
    };
  }

  private static void check(RuleList list, LintRule rule, String label, Findings findings) {
    if (!TARGET_LABELS.containsKey(label)) {
      return;
    }
    findings.add(
        "overwritten-target-label",
        list,
        rule,
        "the rule replaces the label "
            + label
            + ", which says what was scraped: joins on it find other series, or none",
        example(list, label),
        "another name, such as tenant_"
            + label
            + "; for generated rules: rename in the configuration");
    if (list.honorLabels()) {
      findings.add(
          "honor-labels",
          list,
          rule,
          "honorLabels decides between labels of the page and of the target before these rules run:"
              + " it does not keep "
              + label
              + " from being replaced, but lets a page replace every label of the target",
          example(list, label),
          "honorLabels: false, and another name for the label");
    }
  }

  private static String example(RuleList list, String label) {
    String value = TARGET_LABELS.getOrDefault(label, "llm-d");
    RelabelRules rules = list.runnable();
    for (Labels witness : list.witnesses()) {
      Labels series = witness.with(label, value);
      Optional<Labels> result = rules.apply(series);
      if (result.isPresent() && !result.get().get(label).equals(value)) {
        return Leftovers.becomes(series, rules);
      }
    }
    return SeriesText.of(Labels.of(LabelNames.METRIC_NAME, "x", label, value));
  }

  private static void enforced(RuleList list, Subject subject, Findings findings) {
    for (Facts.Enforced enforced : subject.facts().enforced()) {
      list.rules().stream()
          .filter(rule -> rule.rule().isPresent())
          .filter(rule -> rule.rule().get().targetLabel().equals(enforced.label()))
          .findFirst()
          .ifPresent(
              rule ->
                  findings.add(
                      "enforced-namespace-label",
                      list,
                      rule,
                      "Prometheus enforces the label "
                          + enforced.label()
                          + " ("
                          + enforced.file()
                          + ": "
                          + enforced.path()
                          + "): the operator sets it after this rule, so that what the rule sets is"
                          + " lost",
                      example(list, enforced.label()),
                      "another name for the label"));
    }
  }
}
