package dev.nametag.relabel.lint;

import dev.nametag.naming.LosslessCodec;
import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelAction;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.engine.RelabelRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A list of rules, where it stands, and the series that are tried on it.
 *
 * @param file how messages call the file
 * @param path where the list stands; empty if it is the document
 * @param forMetrics whether the rules run on series, not on targets
 * @param honorLabels whether the endpoint says {@code honorLabels: true}
 * @param rules the rules in order
 */
record RuleList(
    String file, String path, boolean forMetrics, boolean honorLabels, List<LintRule> rules) {
  private static final int MAX_WITNESSES = 2000;

  /** No text has a character behind its end. */
  private static final String MATCHES_NOTHING = "$.";

  RuleList {
    rules = List.copyOf(rules);
  }

  /**
   * Returns the rules ready to run, each at its place. One that would be refused does nothing: the
   * others are looked at as if it were not there.
   */
  RelabelRules runnable() {
    Dialect dialect =
        rules.stream()
            .flatMap(rule -> rule.rule().stream())
            .map(RelabelRule::dialect)
            .findFirst()
            .orElse(Dialect.PROMETHEUS);
    RelabelRule nothing =
        RelabelRule.builder(RelabelAction.DROP)
            .sourceLabels(LabelNames.METRIC_NAME)
            .regex(MATCHES_NOTHING)
            .dialect(dialect)
            .build();
    return RelabelRules.of(rules.stream().map(rule -> rule.rule().orElse(nothing)).toList());
  }

  /** Returns the rules that would be refused. */
  List<LintRule> refused() {
    return rules.stream().filter(rule -> rule.rule().isEmpty()).toList();
  }

  /**
   * Returns series made up from the regexes, each of which some rule matches. No page has the
   * temporary labels that rules leave for each other.
   */
  Set<Labels> witnesses() {
    Set<Labels> witnesses = new LinkedHashSet<>();
    for (LintRule rule : rules) {
      List<String> sources = rule.rule().map(RelabelRule::sourceLabels).orElse(List.of());
      if (!sources.isEmpty() && sources.stream().noneMatch(RuleList::isTemporary)) {
        rule.samples()
            .ifPresent(
                samples ->
                    samples.texts().stream()
                        .limit(MAX_WITNESSES / rules.size())
                        .forEach(text -> witness(rule, text).ifPresent(witnesses::add)));
      }
    }
    return witnesses;
  }

  private static boolean isTemporary(String label) {
    return label.startsWith("__") && !label.equals(LabelNames.METRIC_NAME);
  }

  /** Returns a series of which a rule sees this text, if there can be one. */
  Optional<Labels> witness(LintRule rule, String text) {
    List<String> sources = rule.rule().get().sourceLabels();
    String separator = rule.rule().get().separator();
    List<String> values = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < sources.size() - 1; i++) {
      int end = separator.isEmpty() ? -1 : text.indexOf(separator, at);
      if (end < 0) {
        return Optional.empty();
      }
      values.add(text.substring(at, end));
      at = end + separator.length();
    }
    values.add(text.substring(at));
    Labels labels = Labels.of(LabelNames.METRIC_NAME, "envoy_cluster_upstream_rq_total");
    for (int i = 0; i < sources.size(); i++) {
      if (i > 0 && sources.subList(0, i).contains(sources.get(i))) {
        return Optional.empty();
      }
      labels = labels.with(sources.get(i), values.get(i));
    }
    return isMetricName(labels.metricName()) && canExist(labels.metricName())
        ? Optional.of(labels)
        : Optional.empty();
  }

  private static boolean isMetricName(String name) {
    return LabelNames.isMetricName(name);
  }

  /**
   * Returns whether the filter can write a name. What our own rules decode obeys the grammar of the
   * lossless profile; other names there cannot be.
   */
  boolean canExist(String name) {
    Map<String, Boolean> taken = new HashMap<>();
    for (LintRule rule : rules) {
      if (!rule.generated() || !rule.readsName()) {
        continue;
      }
      boolean matches = rule.samples().map(samples -> samples.matches(name)).orElse(true);
      if (!rule.renames()) {
        taken.merge(rule.rule().get().targetLabel(), matches, Boolean::logicalOr);
        continue;
      }
      if (matches && (taken.containsValue(false) || LosslessCodec.decode(name) == null)) {
        return false;
      }
      taken.clear();
    }
    return true;
  }
}
