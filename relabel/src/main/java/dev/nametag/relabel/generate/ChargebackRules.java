package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.RelabelRule;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of the Kuadrant wasm-shim chargeback demo, as they stand: three a metric that take the
 * labels out of the name, then one a metric that strips them off it. They share the demo's harm:
 * what the name has lost no rule brings back, and a user whose name contains {@code ___group___}
 * shifts the border.
 */
final class ChargebackRules {
  private static final String VALUE = "([A-Za-z0-9_-]+)";

  private ChargebackRules() {}

  static List<GeneratedRule> of(Schema schema) {
    List<GeneratedRule> rules = new ArrayList<>();
    List<GeneratedRule> strip = new ArrayList<>();
    for (Metric metric : schema.metrics()) {
      if (metric.labels().isEmpty()) {
        continue;
      }
      String regex =
          metric.name() + "__user___" + VALUE + "___group___" + VALUE + "___namespace__" + VALUE;
      String comment = "Take the labels of " + metric.name() + " out of the name";
      for (int i = 0; i < metric.labels().size(); i++) {
        Label label = metric.labels().get(i);
        rules.add(rule(regex, label.publishedName(), "$" + (i + 1), i == 0 ? comment : ""));
      }
      strip.add(
          rule(
              "(" + metric.name() + ")__.*$",
              LabelNames.METRIC_NAME,
              "$1",
              strip.isEmpty() ? "Strip them off the name" : ""));
    }
    rules.addAll(strip);
    return rules;
  }

  private static GeneratedRule rule(
      String regex, String targetLabel, String replacement, String comment) {
    return new GeneratedRule(
        RelabelRule.replace(List.of(LabelNames.METRIC_NAME), regex, targetLabel, replacement),
        comment);
  }
}
