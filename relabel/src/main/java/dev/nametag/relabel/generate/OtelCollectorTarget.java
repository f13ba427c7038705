package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.LabelText;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code transform} processor for the OpenTelemetry Collector (contrib 0.120 or newer), to be put
 * into the pipeline behind the receiver that scrapes the proxies. A metric keeps its type; a
 * histogram is one metric there and has no suffix.
 *
 * <p>Attributes are set from the metric's name by {@code ExtractPatterns}, and decoded by two
 * {@code replace_pattern} a label, which replaces every match: as {@link VmagentRules} do, with no
 * bound on the number of escapes. Source: opentelemetry-collector-contrib, pkg/ottl/ottlfuncs.
 */
public final class OtelCollectorTarget {
  private static final String MARKED = "^" + LabelText.MARK;

  private OtelCollectorTarget() {}

  /**
   * Returns the {@code processors} section, behind a comment.
   *
   * @throws UnsupportedSchemaException if the names are not of the {@code lossless} profile
   */
  public static String yaml(Schema schema, Decoding decoding) {
    if (schema.naming() != Profile.LOSSLESS) {
      throw new UnsupportedSchemaException(
          "naming",
          schema.naming().text() + ": the target otel-collector is for lossless names only");
    }
    LabelText text = decoding.unbounded();
    List<Object> groups = new ArrayList<>();
    int count = 0;
    for (Family family : Family.withoutSuffixes(schema)) {
      List<Object> statements = labelStatements(family, text);
      count += statements.size() + 1;
      groups.add(
          group("IsMatch(metric.name, " + literal("^" + family.names() + "$") + ")", statements));
    }
    for (Family family : Family.withoutSuffixes(schema)) {
      String regex = literal("^" + family.namesWithMetric() + "$");
      groups.add(
          new YamlWriter.Commented(
              "Take the labels off the metric's name",
              group(
                  "",
                  List.of("replace_pattern(metric.name, " + regex + ", " + literal("$1") + ")"))));
    }
    Map<String, Object> transform = new LinkedHashMap<>();
    transform.put("error_mode", "ignore");
    transform.put("metric_statements", groups);
    return Header.of(
            schema,
            "Transform processor of the OpenTelemetry Collector, contrib 0.120 or newer,",
            text,
            count + " statements. Further metrics with the same labels add none.",
            "Put transform/nametag into the metrics pipeline behind the receiver that scrapes the"
                + " proxies.")
        + YamlWriter.write(Map.of("processors", Map.of("transform/nametag", transform)));
  }

  private static Map<String, Object> group(String condition, List<Object> statements) {
    Map<String, Object> group = new LinkedHashMap<>();
    if (!condition.isEmpty()) {
      group.put("conditions", List.of(condition));
    }
    group.put("statements", statements);
    return group;
  }

  private static List<Object> labelStatements(Family family, LabelText text) {
    List<Object> statements = new ArrayList<>();
    statements.add(
        new YamlWriter.Commented(
            "Take the encoded values from the name",
            "merge_maps(datapoint.attributes, ExtractPatterns(metric.name, "
                + literal("^" + family.namesWithLabels() + "$")
                + "), \"upsert\")"));
    for (Label label : family.labels()) {
      statements.addAll(decode(label, text));
    }
    return statements;
  }

  private static List<Object> decode(Label label, LabelText text) {
    Alphabet alphabet = new Alphabet(text);
    String attribute = "datapoint.attributes[" + literal(label.publishedName()) + "]";
    List<Object> statements = new ArrayList<>();
    statements.add(
        new YamlWriter.Commented(
            label.name() + ": absent, over the budget, empty, or not to be decoded",
            "delete_key(datapoint.attributes, "
                + literal(label.publishedName())
                + ") where "
                + attribute
                + " == "
                + literal(LosslessCodec.ABSENT)));
    statements.add(set(attribute, literal(LabelText.OTHER), " == " + literal(LosslessCodec.OTHER)));
    statements.add(set(attribute, literal(LabelText.EMPTY), " == \"\""));
    statements.add(
        "set("
            + attribute
            + ", Concat([\"~\", "
            + attribute
            + "], \"\")) where "
            + attribute
            + " != nil and not IsMatch("
            + attribute
            + ", "
            + literal(MARKED + "|^" + alphabet.decodableRegex() + "$")
            + ")");
    if (!text.alphabet().isEmpty()) {
      statements.add(
          new YamlWriter.Commented(
              "write the alphabet behind each code, then let each pick its character",
              replace(attribute, alphabet.spreadRegex(), alphabet.spreadReplacement())));
      statements.add(replace(attribute, alphabet.pickRegex(), "$1"));
    }
    return statements;
  }

  private static String set(String attribute, String value, String condition) {
    return "set(" + attribute + ", " + value + ") where " + attribute + condition;
  }

  private static String replace(String attribute, String regex, String replacement) {
    return "replace_pattern("
        + attribute
        + ", "
        + literal(regex)
        + ", "
        + literal(replacement)
        + ") where not IsMatch("
        + attribute
        + ", "
        + literal(MARKED)
        + ")";
  }

  /**
   * Returns a text as OTTL writes it within a configuration of the Collector, which takes a single
   * dollar for the start of a variable.
   */
  private static String literal(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$") + '"';
  }
}
