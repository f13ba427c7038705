package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelStep;
import java.util.List;
import java.util.Optional;

/** A rename takes a series away from its TYPE and HELP, which stay under the raw name. */
final class LostMetadata implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      RelabelRules rules = list.runnable();
      for (LintRule rule : list.rules()) {
        if (rule.renames() && !rule.generated()) {
          renamed(list, rules, rule)
              .ifPresent(
                  series -> {
                    String raw = series.metricName();
                    String after = rules.apply(series).orElse(series).metricName();
                    findings.add(
                        "metadata-lost",
                        list,
                        rule,
                        "TYPE and HELP stay under the raw name: the renamed metric has none"
                            + " (federation says untyped), and the metadata holds one family for"
                            + " each identity",
                        "# TYPE " + raw + " counter\n" + raw + " becomes " + after + ", untyped",
                        "labels that the proxy itself extracts (stats_tags, extraStatTags), or a"
                            + " scrape proxy that writes TYPE anew; else a name that ends in"
                            + " _total");
                  });
          break;
        }
      }
    }
  }

  private static Optional<Labels> renamed(RuleList list, RelabelRules rules, LintRule rule) {
    for (Labels witness : list.witnesses()) {
      List<RelabelStep> steps = rules.trace(witness);
      if (steps.size() > rule.index()) {
        RelabelStep step = steps.get(rule.index());
        boolean changed =
            step.after().isPresent()
                && !step.after().get().metricName().isEmpty()
                && !step.after()
                    .get()
                    .get(LabelNames.METRIC_NAME)
                    .equals(step.before().get(LabelNames.METRIC_NAME));
        if (changed) {
          return Optional.of(witness);
        }
      }
    }
    return Optional.empty();
  }
}
