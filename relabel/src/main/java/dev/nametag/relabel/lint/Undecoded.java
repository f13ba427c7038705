package dev.nametag.relabel.lint;

import dev.nametag.naming.LabelValue;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
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
    Schema schema = subject.schema().get();
    String instead = instead(schema.naming());
    List<RuleList> lists = subject.metricLists();
    if (lists.stream().anyMatch(list -> !list.refused().isEmpty())) {
      // A rule that is refused may be the one that decodes a metric.
      return;
    }
    List<RelabelRules> all = lists.stream().map(RuleList::runnable).toList();
    for (Metric metric : schema.metrics()) {
      if (metric.labels().isEmpty()) {
        continue;
      }
      for (String suffix : FixedSet.suffixes(metric)) {
        boolean decoded = all.stream().anyMatch(rules -> decoded(schema, metric, suffix, rules));
        if (!decoded && !isLeftOut(schema, metric, suffix, all)) {
          findings.add(
              "metric-not-decoded",
              lists.get(0).file(),
              lists.get(0).path(),
              "the configuration has the metric "
                  + metric.name()
                  + ", whose names no rule turns into its name and its labels",
              series(schema, metric, suffix).metricName(),
              instead);
          break;
        }
      }
    }
  }

  /** Returns whether rules drop some series of a histogram and decode others. */
  private static boolean isLeftOut(
      Schema schema, Metric metric, String suffix, List<RelabelRules> all) {
    Labels series = series(schema, metric, suffix);
    return all.stream().anyMatch(rules -> rules.apply(series).isEmpty())
        && FixedSet.suffixes(metric).stream()
            .anyMatch(
                other -> all.stream().anyMatch(rules -> decoded(schema, metric, other, rules)));
  }

  /** Returns whether rules turn a plain name into the metric's name and its labels. */
  static boolean decoded(Schema schema, Metric metric, String suffix, RelabelRules rules) {
    Optional<Labels> result = rules.apply(series(schema, metric, suffix));
    return result.isPresent() && isDecoded(result.get(), metric, suffix);
  }

  private static Labels series(Schema schema, Metric metric, String suffix) {
    List<LabelValue> values =
        metric.labels().stream().map(label -> LabelValue.of("alice")).toList();
    return Labels.of(LabelNames.METRIC_NAME, schema.codec().encode(metric, values) + suffix);
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

  private static boolean isDecoded(Labels result, Metric metric, String suffix) {
    return result.metricName().equals(metric.name() + suffix)
        && metric.labels().stream().allMatch(label -> result.has(label.publishedName()));
  }
}
