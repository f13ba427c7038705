package dev.nametag.relabel.lint;

import dev.nametag.naming.Label;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names that are tried with a configuration of the {@code lossless} profile: for each label
 * values of every sort that rules treat differently, or may take for another.
 */
final class FixedSet {
  /** What a scrape target may have called its own label of the same name. */
  static final String OF_THE_TARGET = "of_the_target";

  /** Values for which the rules have nothing but themselves to mix them up with. */
  private static final List<String> SHORT = List.of("alice", "x-1", "é", "");

  private static final List<String> TEXTS =
      List.of(
          "alice",
          "alic",
          "Bob9",
          "0",
          "",
          "ü",
          "é",
          "a;",
          ";",
          ";x_",
          "a<40-.@/: +_>",
          "$1",
          "a\n",
          "a-b.c@d/e:f g+h_i",
          "-._",
          "none",
          "other",
          "empty",
          "_none",
          "_other",
          "_h",
          "_",
          "__",
          "_2d",
          "_5f2d",
          "~",
          "~empty",
          "~other",
          "~_c3_a9",
          "_c3_a9",
          "_bucket",
          "_sum",
          "a_count",
          "count",
          "rq@1",
          "rq_1");

  /** How many escapes a value has: up to, at and beyond each bound that rules can have. */
  private static final List<Integer> ESCAPES = List.of(1, 2, 3, 4, 5, 14, 15, 16, 17);

  private FixedSet() {}

  /**
   * A name that the filter can write.
   *
   * @param metric its metric
   * @param values of its labels, in their order
   * @param suffix what stands behind the name, empty unless the metric is a histogram
   * @param series as it is on the page
   * @param loaded whether the page or the target has brought labels of the same names along
   */
  record Tried(
      Metric metric, List<LabelValue> values, String suffix, Labels series, boolean loaded) {}

  /** Returns what stands behind the names of a metric. */
  static List<String> suffixes(Metric metric) {
    return metric.isHistogram() ? List.of("_bucket", "_sum", "_count") : List.of("");
  }

  /** Returns the names of a metric, each once. */
  static List<Tried> of(Schema schema, Metric metric, String suffix, Set<String> temporary) {
    List<LabelValue> values = values(schema, metric);
    List<LabelValue> few = new ArrayList<>(List.of(LabelValue.ABSENT, LabelValue.OTHER));
    SHORT.forEach(text -> few.add(LabelValue.of(text)));
    Map<Labels, Tried> tried = new LinkedHashMap<>();
    int size = metric.labels().size();
    for (int i = 0; i < size; i++) {
      for (LabelValue value : values) {
        add(schema, metric, suffix, oneOf(size, i, value), Set.of(), tried);
      }
      for (LabelValue value : few) {
        add(schema, metric, suffix, oneOf(size, i, value), temporary, tried);
      }
    }
    for (int k = 0; k < values.size(); k++) {
      List<LabelValue> mixed = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        mixed.add(values.get((k + 7 * i) % values.size()));
      }
      add(schema, metric, suffix, mixed, Set.of(), tried);
    }
    return List.copyOf(tried.values());
  }

  /** Returns values of which one is as given, the others plain and different. */
  private static List<LabelValue> oneOf(int size, int index, LabelValue value) {
    List<LabelValue> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(i == index ? value : LabelValue.of("plain" + i));
    }
    return values;
  }

  /** Adds a name; with temporary labels also what else may be there already. */
  private static void add(
      Schema schema,
      Metric metric,
      String suffix,
      List<LabelValue> values,
      Set<String> temporary,
      Map<Labels, Tried> to) {
    String name = schema.codec().encode(metric, values) + suffix;
    Labels series = Labels.of(LabelNames.METRIC_NAME, name);
    for (String label : temporary) {
      series = series.with(label, OF_THE_TARGET);
    }
    if (!temporary.isEmpty()) {
      for (Label label : metric.labels()) {
        series = series.with(label.publishedName(), OF_THE_TARGET);
      }
    }
    if (suffix.equals("_bucket")) {
      series = series.with("le", "+Inf");
    }
    to.putIfAbsent(series, new Tried(metric, values, suffix, series, !temporary.isEmpty()));
  }

  private static List<LabelValue> values(Schema schema, Metric metric) {
    Set<String> texts = new LinkedHashSet<>(TEXTS);
    for (Label label : schema.metrics().stream().flatMap(m -> m.labels().stream()).toList()) {
      texts.add("__" + label.name() + "__x");
      texts.add("a__" + label.name() + "__");
    }
    texts.add(metric.name());
    ESCAPES.forEach(escapes -> texts.add("." + "a.".repeat(escapes - 1)));
    ESCAPES.forEach(escapes -> texts.add("_".repeat(escapes) + "z"));
    for (char c = ' '; c < 0x7f; c++) {
      if (!Character.isLetterOrDigit(c)) {
        texts.add("k" + c + "m");
      }
    }
    int longest = schema.budget().valueBytes();
    for (String piece : List.of("a", "-", "é")) {
      texts.add(piece.repeat(longest));
      texts.add(piece.repeat(longest + 1));
    }
    List<LabelValue> values = new ArrayList<>(List.of(LabelValue.ABSENT, LabelValue.OTHER));
    texts.forEach(text -> values.add(LabelValue.of(text)));
    values.add(LabelValue.of(new byte[] {(byte) 0xff, 'a'}));
    return Collections.unmodifiableList(values);
  }

  /** Returns what a value is in names. */
  static String encoded(Schema schema, LabelValue value) {
    return new LosslessCodec(schema.budget().valueBytes()).encode(value);
  }
}
