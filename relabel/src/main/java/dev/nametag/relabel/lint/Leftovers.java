package dev.nametag.relabel.lint;

import dev.nametag.naming.LabelValue;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelStep;
import dev.nametag.relabel.explain.SeriesText;
import dev.nametag.relabel.lint.RegexShape.Group;
import dev.nametag.relabel.lint.RegexShape.Literal;
import dev.nametag.relabel.lint.RegexShape.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Names that a rule strips though no rule has taken their labels out: all such callers become one
 * series, of which Prometheus keeps one sample a scrape.
 */
final class Leftovers implements Check {
  private static final List<String> IDENTITIES =
      List.of("alice", "premium,free", "", "bob!", "\"eve\"", "x___group___admin");

  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      check(list, list.runnable(), subject, findings);
    }
  }

  private static void check(RuleList list, RelabelRules rules, Subject subject, Findings findings) {
    List<LintRule> extracting = list.rules().stream().filter(LintRule::extracts).toList();
    Set<String> names = new LinkedHashSet<>();
    Set<String> emptied = new LinkedHashSet<>();
    subject.page().ifPresent(page -> page.forEach(series -> names.add(series.metricName())));
    subject.schema().ifPresent(schema -> names.addAll(names(schema)));
    extracting.forEach(rule -> rule.samples().ifPresent(s -> variants(s, names, emptied)));
    for (LintRule strip : list.rules()) {
      if (strip.readsName() && strip.renames() && !strip.generated()) {
        List<Labels> lost = lost(list, rules, strip, extracting, names);
        report(list, strip, rules, lost, findings);
        emptyValue(list, strip, rules, lost(list, rules, strip, extracting, emptied), findings);
      }
    }
  }

  private static void report(
      RuleList list, LintRule strip, RelabelRules rules, List<Labels> lost, Findings findings) {
    if (lost.isEmpty()) {
      return;
    }
    findings.add(
        "unlabelled-leftover",
        list,
        strip,
        "the rule strips names that no rule has taken labels from: what is left of all such callers"
            + " is one series without labels",
        becomes(lost.get(0), rules),
        "a regex that matches exactly the names whose labels are taken out");
    merged(list, strip, rules, lost, findings);
  }

  private static void emptyValue(
      RuleList list, LintRule strip, RelabelRules rules, List<Labels> lost, Findings findings) {
    if (!lost.isEmpty()) {
      findings.add(
          "empty-value-unlabelled",
          list,
          strip,
          "a caller whose value is empty matches no rule that takes labels out, but this rule strips"
              + " the name",
          becomes(lost.get(0), rules),
          "a filter that writes an empty value as such, with rules generated for it");
    }
  }

  private static void merged(
      RuleList list, LintRule strip, RelabelRules rules, List<Labels> lost, Findings findings) {
    Map<Labels, Labels> firsts = new LinkedHashMap<>();
    for (Labels series : lost) {
      Labels result = rules.apply(series).orElse(Labels.EMPTY);
      Labels first = firsts.putIfAbsent(result, series);
      if (first != null) {
        String text = SeriesText.of(result);
        findings.add(
            "merged-counter",
            list,
            strip,
            "Prometheus keeps the first sample of a scrape and drops the others: rate() over "
                + text
                + " jumps between callers, takes every step down for a restart, and no alert fires",
            SeriesText.of(first) + " 90\n" + SeriesText.of(series) + " 3\nboth are " + text,
            "rules that keep the callers apart; watch"
                + " prometheus_target_scrapes_sample_duplicate_timestamp_total");
        return;
      }
    }
  }

  /** Returns series that the rule strips after no rule has taken a label out. */
  private static List<Labels> lost(
      RuleList list,
      RelabelRules rules,
      LintRule strip,
      List<LintRule> extracting,
      Set<String> names) {
    List<Labels> lost = new ArrayList<>();
    if (!expectsLabels(strip, extracting)) {
      return lost;
    }
    for (String name : names) {
      if (!LabelNames.isMetricName(name) || !list.canExist(name)) {
        continue;
      }
      Labels series = Labels.of(LabelNames.METRIC_NAME, name);
      List<RelabelStep> steps = rules.trace(series);
      boolean stripped =
          steps.size() > strip.index()
              && steps.get(strip.index()).changed()
              && steps.get(strip.index()).before().metricName().equals(name);
      boolean taken =
          extracting.stream()
              .anyMatch(rule -> rule.index() < steps.size() && steps.get(rule.index()).matched());
      if (stripped && !taken) {
        lost.add(series);
      }
    }
    return lost;
  }

  /** Returns whether the rule strips names that other rules take labels from. */
  private static boolean expectsLabels(LintRule strip, List<LintRule> extracting) {
    Optional<RegexSamples> own = strip.samples();
    return own.isPresent()
        && extracting.stream()
            .flatMap(rule -> rule.samples().stream())
            .flatMap(samples -> samples.texts().stream())
            .anyMatch(own.get()::matches);
  }

  /** Adds names as they come of values that are not quoted, or not as expected. */
  private static void variants(RegexSamples samples, Set<String> names, Set<String> emptied) {
    List<Node> parts = samples.parts();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof Literal literal && i > 0) {
        String text = literal.text();
        for (String value : List.of("alice", "bob")) {
          Map<Integer, String> values = Map.of(groupBefore(parts, i), value);
          if (text.startsWith("_")) {
            samples.text(values, Map.of(i, text.substring(1)), 0).ifPresent(names::add);
          }
          if (text.endsWith("_")) {
            String shorter = text.substring(0, text.length() - 1);
            samples.text(values, Map.of(i, shorter), 0).ifPresent(names::add);
          }
        }
      }
      if (parts.get(i) instanceof Group group && group.index() > 0) {
        samples.text(Map.of(group.index(), ""), 0).ifPresent(emptied::add);
      }
    }
  }

  private static int groupBefore(List<Node> parts, int index) {
    for (int i = index - 1; i >= 0; i--) {
      if (parts.get(i) instanceof Group group && group.index() > 0) {
        return group.index();
      }
    }
    return 0;
  }

  /** Returns names that the filter writes for identities of all sorts. */
  private static Set<String> names(Schema schema) {
    Set<String> names = new LinkedHashSet<>();
    for (Metric metric : schema.metrics()) {
      for (String identity : metric.labels().isEmpty() ? List.<String>of() : IDENTITIES) {
        List<LabelValue> values =
            metric.labels().stream().map(label -> LabelValue.of(identity)).toList();
        names.add(schema.codec().encode(metric, values));
      }
    }
    return names;
  }

  static String becomes(Labels series, RelabelRules rules) {
    return SeriesText.of(series)
        + " becomes "
        + rules.apply(series).map(SeriesText::of).orElse("nothing");
  }
}
