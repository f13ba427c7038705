package dev.nametag.naming;

import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns JSON into a {@link Schema}, or into everything that is wrong with it. */
final class SchemaParser {
  /** What an empty configuration means: the metrics of the chargeback demo. */
  private static final String DEFAULTS =
      """
      {
        "naming": "lossless",
        "labels": {
          "user": "auth.identity.userid",
          "group": "auth.identity.groups[0]",
          "namespace": "xds.node.metadata.NAMESPACE"
        },
        "metrics": {
          "authorized_calls_with_user_and_group":
              {"count": "authorized", "labels": ["user", "group", "namespace"]},
          "limited_calls_with_user_and_group":
              {"count": "limited", "labels": ["user", "group", "namespace"]},
          "authorized_calls_total": {"count": "authorized"},
          "limited_calls_total": {"count": "limited"}
        }
      }
      """;

  private static final int MAX_SERIES = 100_000;
  private static final int MIN_VALUE_BYTES = 16;
  private static final int MAX_VALUE_BYTES = 4096;

  private final ConfigurationFields fields = new ConfigurationFields();

  static Schema parse(String json) {
    if (json.isBlank()) {
      return of(null);
    }
    Object value;
    try {
      value = JsonReader.read(json);
    } catch (JsonSyntaxException e) {
      String where = "line " + e.line() + ", column " + e.column();
      throw new SchemaException(List.of(new Problem(where, e.getMessage())));
    }
    return of(value);
  }

  static Schema of(Object json) {
    SchemaParser parser = new SchemaParser();
    Schema schema = parser.schema(json);
    parser.fields.check();
    return schema;
  }

  private Schema schema(Object json) {
    Map<String, Object> defaults = fields.object("", JsonReader.read(DEFAULTS));
    Map<String, Object> given = json == null ? Map.of() : fields.object("configuration", json);
    fields.onlyKeys("", given, "naming", "labels", "metrics", "budget");

    Profile naming = naming(given.getOrDefault("naming", defaults.get("naming")));
    LabelParser labelParser = new LabelParser(fields);
    Map<String, Label> labels =
        labelParser.labels(given.getOrDefault("labels", defaults.get("labels")));
    if (!given.containsKey("metrics")
        && !(labels.containsKey("user")
            && labels.containsKey("group")
            && labels.containsKey("namespace"))) {
      fields.problem(
          "metrics", "missing; those of the defaults need the labels user, group and namespace");
      throw fields.refusal();
    }
    if (naming == Profile.ENVOY_TAGS) {
      labelParser.tagNames(labels);
    }
    List<Metric> metrics =
        new MetricParser(fields, labelParser)
            .metrics(given.getOrDefault("metrics", defaults.get("metrics")), naming, labels);
    Budget budget = budget(given.get("budget"));
    for (Label label : labels.values()) {
      if (label.pseudonym() && budget.valueBytes() < Pseudonym.TEXT_BYTES) {
        fields.problem(
            "budget.valueBytes",
            "the pseudonyms of labels."
                + label.name()
                + " have "
                + Pseudonym.TEXT_BYTES
                + " bytes");
      }
    }
    return new Schema(naming, new ArrayList<>(labels.values()), metrics, budget);
  }

  private Profile naming(Object json) {
    Profile profile = json instanceof String text ? Profile.of(text) : null;
    if (profile == null) {
      fields.problem(
          "naming",
          "unknown naming "
              + ConfigurationFields.show(json)
              + ", expected lossless, chargeback, envoy-tags, prometheus-values or higress");
      return Profile.LOSSLESS;
    }
    return profile;
  }

  private Budget budget(Object json) {
    if (json == null) {
      return Budget.DEFAULT;
    }
    Map<String, Object> given = fields.object("budget", json);
    fields.onlyKeys("budget.", given, "series", "valueBytes");
    int series =
        fields.integer(
            "budget.series", given.get("series"), Budget.DEFAULT.series(), 1, MAX_SERIES);
    int valueBytes =
        fields.integer(
            "budget.valueBytes",
            given.get("valueBytes"),
            Budget.DEFAULT.valueBytes(),
            MIN_VALUE_BYTES,
            MAX_VALUE_BYTES);
    return new Budget(series, valueBytes);
  }
}
