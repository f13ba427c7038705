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
 * <p>The series of a histogram have a suffix behind the name, which no value can end in: no escape
 * and no marker starts as one of them does. If one of the metrics is a histogram, the regexes take
 * the suffix from all of them; it stays behind the metric when the labels go.
 *
 * @param labels in the order of the names, not empty
 * @param metrics their names, at least one
 * @param hasHistogram whether one of them is a histogram
 */
record Family(List<Label> labels, List<String> metrics, boolean hasHistogram) {
  /**
   * What may stand behind an underscore in a value: an escape and what follows it, a marker, or a
   * hash. These start with different characters, so that a matcher never has to go back; and none
   * of them is what hosts put behind the names of histograms.
   */
  static final String PIECE = "(?:[0-9a-f]{2}[A-Za-z0-9]*|none|other|h[0-9a-f]+)";

  /** An encoded value, a marker or nothing: no value has two underscores in a row. */
  static final String ANY_VALUE = "[A-Za-z0-9]*(?:_" + PIECE + ")*";

  private static final String SUFFIXES = "_bucket|_sum|_count";

  /** Returns the families of a schema; metrics without labels are in none. */
  static List<Family> of(Schema schema) {
    Map<List<Label>, List<Metric>> byLabels = new LinkedHashMap<>();
    for (Metric metric : schema.metrics()) {
      if (!metric.labels().isEmpty()) {
        byLabels.computeIfAbsent(metric.labels(), labels -> new ArrayList<>()).add(metric);
      }
    }
    List<Family> families = new ArrayList<>();
    byLabels.forEach(
        (labels, metrics) ->
            families.add(
                new Family(
                    labels,
                    metrics.stream().map(Metric::name).toList(),
                    metrics.stream().anyMatch(Metric::isHistogram))));
    return families;
  }

  /** The same where a histogram is one metric, without suffixes. */
  static List<Family> withoutSuffixes(Schema schema) {
    return of(schema).stream()
        .map(family -> new Family(family.labels, family.metrics, false))
        .toList();
  }

  /**
   * Returns a regex for names of exactly this form in which the value of one label is as given. It
   * has the groups of the value and no others.
   */
  String names(int index, String value) {
    return alternatives() + form(i -> i == index ? value : ANY_VALUE) + anySuffix();
  }

  /** Returns a regex for names of exactly this form without groups. */
  String names() {
    return alternatives() + form(i -> ANY_VALUE) + anySuffix();
  }

  /** Returns a regex for names of exactly this form; {@link #metric()} says what its groups are. */
  String namesWithMetric() {
    String suffix = hasHistogram ? "(" + SUFFIXES + ")?" : "";
    return "(" + String.join("|", metrics) + ")" + form(i -> ANY_VALUE) + suffix;
  }

  /** Returns a replacement: the metric without the labels, as {@link #namesWithMetric} found it. */
  String metric() {
    return hasHistogram ? "$1$2" : "$1";
  }

  /** Returns a regex for names of exactly this form; each value is a group named as its label. */
  String namesWithLabels() {
    return alternatives()
        + form(i -> "(?P<" + labels.get(i).publishedName() + ">" + ANY_VALUE + ")")
        + anySuffix();
  }

  /** Returns a regex with two groups: the word of {@code _other}, or any other value whole. */
  static String otherOrAnyValue() {
    return "(?:_(other)|(" + ANY_VALUE + "))";
  }

  /** Returns a regex for what may stand behind the last value. */
  String anySuffix() {
    return hasHistogram ? "(?:" + SUFFIXES + ")?" : "";
  }

  /** Returns a regex for the metrics. */
  String alternatives() {
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
