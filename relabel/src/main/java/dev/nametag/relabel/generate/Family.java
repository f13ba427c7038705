package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The metrics that share one label set, and so their rules.
 *
 * @param labels in the order of the names, not empty
 * @param metrics their names, at least one
 */
record Family(List<Label> labels, List<String> metrics) {
  /** An encoded value, a marker or nothing: no value has two underscores in a row. */
  private static final String ANY_VALUE = "[^_]*(?:_[^_]+)*";

  /** Returns the families of a schema; metrics without labels are in none. */
  static List<Family> of(Schema schema) {
    Map<List<Label>, List<String>> byLabels = new LinkedHashMap<>();
    for (Metric metric : schema.metrics()) {
      if (!metric.labels().isEmpty()) {
        byLabels.computeIfAbsent(metric.labels(), labels -> new ArrayList<>()).add(metric.name());
      }
    }
    List<Family> families = new ArrayList<>();
    byLabels.forEach((labels, metrics) -> families.add(new Family(labels, metrics)));
    return families;
  }

  /**
   * Returns a regex for names of exactly this form in which the value of one label is as given. It
   * has the groups of the value and no others.
   */
  String names(int index, String value) {
    return alternatives() + form(i -> i == index ? value : ANY_VALUE);
  }

  /** Returns a regex for names of exactly this form without groups. */
  String names() {
    return alternatives() + form(i -> ANY_VALUE);
  }

  /** Returns a regex for names of exactly this form with a group for the metric. */
  String namesWithMetric() {
    return "(" + String.join("|", metrics) + ")" + form(i -> ANY_VALUE);
  }

  /** Returns a regex for names of exactly this form; each value is a group named as its label. */
  String namesWithLabels() {
    return alternatives()
        + form(i -> "(?P<" + labels.get(i).publishedName() + ">" + ANY_VALUE + ")");
  }

  /** Returns a regex with two groups: the word of {@code _other}, or any other value whole. */
  static String otherOrAnyValue() {
    return "(?:_(other)|(" + ANY_VALUE + "))";
  }

  private String alternatives() {
    return metrics.size() == 1 ? metrics.get(0) : "(?:" + String.join("|", metrics) + ")";
  }

  /** Returns what follows the metric: names of another label set have another form. */
  private String form(IntFunction<String> value) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < labels.size(); i++) {
      form.append("__").append(labels.get(i).name()).append("__").append(value.apply(i));
    }
    return form.toString();
  }
}
