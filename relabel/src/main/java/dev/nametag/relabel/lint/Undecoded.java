package dev.nametag.relabel.lint;

import dev.nametag.naming.LabelValue;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Profile;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import java.util.List;
import java.util.Optional;

/** Metrics of the configuration whose names no rule turns into labels. */
final class Undecoded implements Check {
  @Override
  public void run(Subject subject, Findings findings) {
    if (subject.schema().isEmpty() || subject.metricLists().isEmpty()) {
      return;
    }
    String instead = instead(subject.schema().get().naming());
    List<RelabelRules> all =
        subject.metricLists().stream().flatMap(list -> list.runnable().stream()).toList();
    for (Metric metric : subject.schema().get().metrics()) {
      if (metric.labels().isEmpty()) {
        continue;
      }
      List<LabelValue> values =
          metric.labels().stream().map(label -> LabelValue.of("alice")).toList();
      String name = subject.schema().get().codec().encode(metric, values);
      Labels series = Labels.of(LabelNames.METRIC_NAME, name);
      boolean decoded =
          all.stream()
              .map(rules -> rules.apply(series))
              .flatMap(Optional::stream)
              .anyMatch(result -> isDecoded(result, metric));
      if (!decoded) {
        RuleList list = subject.metricLists().get(0);
        findings.add(
            "metric-not-decoded",
            list.file(),
            list.path(),
            "the configuration has the metric "
                + metric.name()
                + ", whose names no rule turns into its name and its labels",
            name,
            instead);
      }
    }
  }

  private static String instead(Profile naming) {
    return switch (naming) {
      case LOSSLESS, CHARGEBACK -> "rules generated anew: nametag relabel generate";
      case ENVOY_TAGS ->
          "no rules: for these names the proxy makes the labels itself (nametag relabel generate"
              + " --target envoy-stats-tags)";
      case PROMETHEUS_VALUES, HIGRESS ->
          "naming: lossless; no rules are generated for names of " + naming.text();
    };
  }

  private static boolean isDecoded(Labels result, Metric metric) {
    return result.metricName().equals(metric.name())
        && metric.labels().stream().allMatch(label -> result.has(label.publishedName()));
  }
}
