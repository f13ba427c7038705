package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelStep;
import dev.nametag.relabel.engine.Relabeler;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules that leave a series without a name that Prometheus takes: the whole scrape then fails. */
final class RefusedSeries implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      Collection<Labels> page = subject.page().orElseGet(() -> List.copyOf(list.witnesses()));
      check(list, list.runnable(), page, findings);
    }
  }

  private static void check(
      RuleList list, RelabelRules rules, Collection<Labels> page, Findings findings) {
    Set<Integer> seen = new HashSet<>();
    Relabeler relabeler = rules.relabeler();
    for (Labels series : page) {
      Optional<Labels> result = relabeler.apply(series);
      if (result.isEmpty() || LabelNames.isMetricName(result.get().metricName())) {
        continue;
      }
      for (RelabelStep step : rules.trace(series)) {
        boolean fine =
            step.after().isEmpty() || LabelNames.isMetricName(step.after().get().metricName());
        if (!fine && LabelNames.isMetricName(step.before().metricName())) {
          if (seen.add(step.index())) {
            findings.add(
                "refused-series",
                list,
                list.rules().get(step.index()),
                "the rule leaves a series without a metric name that Prometheus takes; the whole"
                    + " scrape then fails",
                Leftovers.becomes(series, rules),
                "a replacement that is a name for every match");
          }
          break;
        }
      }
    }
  }
}
