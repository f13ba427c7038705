package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelAction;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelStep;
import dev.nametag.relabel.engine.Relabeler;
import dev.nametag.relabel.explain.SeriesText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Different series that the rules make one. Prometheus keeps the first and drops the others. */
final class Collisions implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      if (!list.rules().isEmpty()) {
        check(list, list.runnable(), subject.page().orElseGet(() -> madeUp(list)), findings);
      }
    }
  }

  /** Returns the witnesses, and for rules that remove labels two series that differ in one. */
  private static List<Labels> madeUp(RuleList list) {
    List<Labels> series = new ArrayList<>(list.witnesses());
    for (LintRule rule : list.rules()) {
      if (rule.rule().isPresent() && rule.rule().get().action() == RelabelAction.LABELDROP) {
        rule.samples()
            .flatMap(samples -> samples.texts().stream().findFirst())
            .filter(LabelNames::isLabelName)
            .filter(label -> !label.startsWith("__") && !isWrittenBefore(list, rule, label))
            .ifPresent(
                label -> {
                  Labels base = Labels.of("__name__", "envoy_cluster_upstream_rq_total");
                  series.add(base.with(label, "a"));
                  series.add(base.with(label, "b"));
                });
      }
    }
    return series;
  }

  private static boolean isWrittenBefore(RuleList list, LintRule rule, String label) {
    return list.rules().subList(0, rule.index()).stream()
        .anyMatch(
            earlier -> earlier.isReplace() && earlier.rule().get().targetLabel().equals(label));
  }

  private static void check(
      RuleList list, RelabelRules rules, Collection<Labels> page, Findings findings) {
    Map<Labels, Labels> firsts = new HashMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    Map<Integer, String> examples = new HashMap<>();
    Set<Labels> seen = new HashSet<>();
    Relabeler relabeler = rules.relabeler();
    for (Labels series : page) {
      if (!seen.add(series)) {
        continue;
      }
      Optional<Labels> result = relabeler.apply(series);
      Labels first = result.map(labels -> firsts.putIfAbsent(labels, series)).orElse(null);
      if (first != null) {
        int rule = culprit(rules, first, series);
        counts.merge(rule, 1, Integer::sum);
        String example =
            SeriesText.of(first)
                + "\n"
                + SeriesText.of(series)
                + "\nboth become "
                + SeriesText.of(result.get());
        examples.putIfAbsent(rule, example);
      }
    }
    examples.keySet().stream()
        .sorted()
        .forEach(
            index ->
                findings.add(
                    "collision",
                    list,
                    list.rules().get(index),
                    "different series end up with the same labels ("
                        + counts.get(index)
                        + " found); Prometheus keeps the first and drops the others",
                    examples.get(index),
                    "keep what tells them apart in a label, or drop the series"));
  }

  /** Returns the rule after which two series are the same. */
  static int culprit(RelabelRules rules, Labels one, Labels other) {
    List<RelabelStep> first = rules.trace(one);
    List<RelabelStep> second = rules.trace(other);
    for (int i = first.size() - 1; i > 0; i--) {
      if (!first.get(i).before().equals(second.get(i).before())) {
        return i;
      }
    }
    return 0;
  }
}
