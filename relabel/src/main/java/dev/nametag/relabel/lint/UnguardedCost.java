package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelAction;
import java.util.List;
import java.util.Optional;

/** Many regexes that every series of the proxy runs through, though they mean a few. */
final class UnguardedCost implements Check {
  /** As many as a label set of the usual size needs. */
  private static final int FEW = 4;

  private static final Labels FOREIGN =
      Labels.of(
          "__name__", "istio_requests_total",
          "reporter", "destination",
          "response_code", "200");

  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      List<LintRule> reading =
          list.rules().stream()
              .filter(rule -> rule.readsName() && rule.isReplace() && !rule.generated())
              .toList();
      if (reading.size() > FEW && !isGuarded(list, reading.get(0)) && leavesAlone(list)) {
        findings.add(
            "unguarded-cost",
            list,
            reading.get(0),
            reading.size()
                + " rules match a regex against the name of every series of the proxy, with no guard"
                + " before them: Prometheus pays for each new series and after each restart, vmagent"
                + " at each scrape",
            FOREIGN + " runs through all " + reading.size() + " and stays as it is",
            "one rule for a label set, shared by all metrics that have it, on which the others"
                + " depend");
      }
    }
  }

  private static boolean isGuarded(RuleList list, LintRule first) {
    return list.rules().subList(0, first.index()).stream()
        .anyMatch(rule -> rule.readsName() && rule.rule().get().action() == RelabelAction.KEEP);
  }

  private static boolean leavesAlone(RuleList list) {
    return list.runnable().apply(FOREIGN).equals(Optional.of(FOREIGN));
  }
}
