package dev.nametag.relabel.lint;

/** Rules for series among those for targets, and the other way round. */
final class WrongKindOfRules implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.lists()) {
      for (LintRule rule : list.rules()) {
        if (rule.rule().isEmpty()) {
          continue;
        }
        var sources = rule.rule().get().sourceLabels();
        if (!list.forMetrics() && sources.contains("__name__")) {
          findings.add(
              "target-rule-reads-metric",
              list,
              rule,
              "rules for targets run before the scrape: there is no metric name yet, and the regex"
                  + " sees the empty text",
              "__name__=\"\"",
              "metricRelabelings (metric_relabel_configs)");
        }
        sources.stream()
            .filter(source -> list.forMetrics() && source.startsWith("__meta_"))
            .findFirst()
            .ifPresent(
                source ->
                    findings.add(
                        "metric-rule-reads-target",
                        list,
                        rule,
                        source + " exists only while targets are relabelled; here it is empty",
                        source + "=\"\"",
                        "relabelings (relabel_configs)"));
      }
    }
  }
}
