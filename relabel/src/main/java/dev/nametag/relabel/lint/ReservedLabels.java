package dev.nametag.relabel.lint;

import java.util.Map;

/** Labels that mean something to Prometheus, set by rules that mean something else. */
final class ReservedLabels implements Check {
  private static final Map<String, String> RESERVED =
      Map.of(
          "le", "it says which bucket of a histogram a series is",
          "quantile", "it says which quantile of a summary a series is",
          "__address__", "only rules for targets can change where Prometheus scrapes",
          "__scheme__", "only rules for targets can change how Prometheus scrapes",
          "__metrics_path__", "only rules for targets can change what Prometheus scrapes",
          "__scrape_interval__", "only rules for targets can change when Prometheus scrapes",
          "__scrape_timeout__", "only rules for targets can change when Prometheus scrapes");

  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      for (LintRule rule : list.rules()) {
        String label = rule.isReplace() ? rule.rule().get().targetLabel() : "";
        String why = RESERVED.get(label);
        if (why != null && !rule.rule().get().sourceLabels().contains(label)) {
          findings.add(
              "reserved-label",
              list,
              rule,
              "the label " + label + " is reserved: " + why,
              label + "=\"" + rule.rule().get().replacement() + "\"",
              "another name");
        }
      }
    }
  }
}
