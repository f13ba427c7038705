package dev.nametag.naming;

import dev.nametag.naming.json.JsonNumber;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  private static final String HEX = "0123456789abcdef";

  private final List<Problem> problems = new ArrayList<>();

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
    if (!parser.problems.isEmpty()) {
      throw new SchemaException(parser.problems);
    }
    return schema;
  }

  private Schema schema(Object json) {
    Map<String, Object> defaults = object("", JsonReader.read(DEFAULTS));
    Map<String, Object> given = json == null ? Map.of() : object("configuration", json);
    onlyKeys("", given, "naming", "labels", "metrics", "budget");

    Profile naming = naming(given.getOrDefault("naming", defaults.get("naming")));
    Map<String, Label> labels = labels(given.getOrDefault("labels", defaults.get("labels")));
    if (!given.containsKey("metrics")
        && !(labels.containsKey("user")
            && labels.containsKey("group")
            && labels.containsKey("namespace"))) {
      problem(
          "metrics", "missing; those of the defaults need the labels user, group and namespace");
      throw new SchemaException(problems);
    }
    if (naming == Profile.ENVOY_TAGS) {
      tagNames(labels);
    }
    List<Metric> metrics =
        metrics(given.getOrDefault("metrics", defaults.get("metrics")), naming, labels);
    Budget budget = budget(given.get("budget"));
    return new Schema(naming, new ArrayList<>(labels.values()), metrics, budget);
  }

  private Profile naming(Object json) {
    Profile profile = json instanceof String text ? Profile.of(text) : null;
    if (profile == null) {
      problem(
          "naming",
          "unknown naming "
              + show(json)
              + ", expected lossless, chargeback, envoy-tags, prometheus-values or higress");
      return Profile.LOSSLESS;
    }
    return profile;
  }

  private Map<String, Label> labels(Object json) {
    Map<String, Label> labels = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : object("labels", json).entrySet()) {
      String name = entry.getKey();
      String field = "labels." + name;
      if (!Names.isLabel(name)) {
        problem(
            field,
            "label name "
                + show(name)
                + " must be lower-case letters and digits in words joined by single underscores,"
                + " a letter first");
      } else if (isTakenLabel(name)) {
        problem(field, "label name " + show(name) + " belongs to histograms and summaries");
      }
      labels.put(name, label(field, name, entry.getValue()));
    }
    return labels;
  }

  /**
   * Hosts look for {@code name=} anywhere, so that a longer name with the same end is taken, too.
   */
  private void tagNames(Map<String, Label> labels) {
    for (Label label : labels.values()) {
      String name = label.name();
      String field = "labels." + name;
      for (Label other : labels.values()) {
        String longer = other.name();
        if (longer.length() > name.length() && longer.endsWith(name)) {
          problem(
              field,
              "label name "
                  + show(name)
                  + " is the end of label name "
                  + show(longer)
                  + ", which naming envoy-tags cannot tell apart");
        }
      }
      if (Names.startsLikeAuthorization(name)) {
        problem(
            field, "label name " + show(name) + " starts like what Istio cuts off names of stats");
      }
    }
  }

  private Label label(String field, String name, Object json) {
    List<Source> sources = new ArrayList<>();
    String publishedName = name;
    if (json instanceof Map) {
      Map<String, Object> given = object(field, json);
      onlyKeys(field + ".", given, "from", "value", "trusted", "rename");
      boolean trusted = bool(field + ".trusted", given.getOrDefault("trusted", false));
      if (given.containsKey("from") == given.containsKey("value")) {
        problem(field, "expected either from or value");
      } else if (given.containsKey("from")) {
        sources(field + ".from", given.get("from"), trusted, sources);
      } else {
        sources.add(new Constant(text(field + ".value", given.get("value"))));
      }
      if (given.containsKey("rename")) {
        publishedName = text(field + ".rename", given.get("rename"));
        if (!Names.isPublishedLabel(publishedName) || isTakenLabel(publishedName)) {
          problem(field + ".rename", show(publishedName) + " cannot be a label name in Prometheus");
        }
      }
    } else {
      sources(field, json, false, sources);
    }
    return new Label(name, sources, publishedName);
  }

  private void sources(String field, Object json, boolean trusted, List<Source> sources) {
    if (json instanceof List<?> list) {
      if (list.isEmpty()) {
        problem(field, "expected at least one selector");
      }
      for (int i = 0; i < list.size(); i++) {
        selector(field + "[" + i + "]", list.get(i), trusted, sources);
      }
    } else {
      selector(field, json, trusted, sources);
    }
  }

  private void selector(String field, Object json, boolean trusted, List<Source> sources) {
    if (!(json instanceof String text)) {
      problem(field, "expected a selector such as auth.identity.userid, found " + show(json));
      return;
    }
    try {
      Selector selector = SelectorParser.parse(text);
      if (!trusted && isClientHeader(selector)) {
        problem(
            field,
            "selector "
                + show(text)
                + " reads a header that any client can set; if something in front of the filter"
                + " sets or strips it, say {\"from\": …, \"trusted\": true}");
      }
      sources.add(selector);
    } catch (SelectorParser.SelectorException e) {
      problem(field, "selector " + show(text) + ", " + e.getMessage());
    }
  }

  /** Headers identify nobody by themselves; these attributes are headers under other names. */
  private static boolean isClientHeader(Selector selector) {
    return selector.startsWith("request", "headers")
        || selector.startsWith("request", "useragent")
        || selector.startsWith("request", "referer")
        || selector.startsWith("request", "id");
  }

  private List<Metric> metrics(Object json, Profile naming, Map<String, Label> labels) {
    Map<String, Object> given = object("metrics", json);
    if (given.isEmpty() && json instanceof Map) {
      problem("metrics", "expected at least one metric");
    }
    List<Metric> metrics = new ArrayList<>();
    for (Map.Entry<String, Object> entry : given.entrySet()) {
      String name = entry.getKey();
      String field = "metrics." + name;
      metricName(field, name, given);
      Map<String, Object> metric = object(field, entry.getValue());
      onlyKeys(field + ".", metric, "count", "labels");
      if (!metric.containsKey("count") && entry.getValue() instanceof Map) {
        problem(field + ".count", "missing; expected an outcome such as authorized, or all");
      }
      Count count = count(field + ".count", metric.getOrDefault("count", "all"));
      List<Label> own = metricLabels(field + ".labels", metric.get("labels"), labels);
      if (naming == Profile.CHARGEBACK && !own.isEmpty() && !ChargebackCodec.canName(own)) {
        problem(
            field + ".labels",
            "naming chargeback writes exactly the labels user, group, namespace, in this order,"
                + " or none");
      }
      if (naming == Profile.HIGRESS && !own.isEmpty() && !HigressCodec.canName(own)) {
        problem(
            field + ".labels",
            "naming higress writes exactly the labels route, upstream, model, consumer, in this"
                + " order, or none");
      }
      metrics.add(new Metric(name, count, own));
    }
    return metrics;
  }

  private void metricName(String field, String name, Map<String, Object> all) {
    if (!Names.isMetric(name)) {
      problem(
          field,
          "metric name "
              + show(name)
              + " must be letters and digits in words joined by single underscores, a letter"
              + " first");
      return;
    }
    if (name.startsWith(Names.RESERVED_PREFIX)) {
      problem(
          field,
          "metric name "
              + show(name)
              + " starts with "
              + Names.RESERVED_PREFIX
              + ", which is kept for the filter's own metrics");
    }
    if (Names.endsLikeResponseCode(name)) {
      problem(
          field,
          "metric name "
              + show(name)
              + " ends like a response code, which Envoy and Istio cut off names");
    }
    if (Names.startsLikeAuthorization(name)) {
      problem(
          field, "metric name " + show(name) + " starts like what Istio cuts off names of stats");
    }
    String base = Names.withoutHistogramSuffix(name);
    if (base != null && all.containsKey(base)) {
      problem(field, "metric name " + show(name) + " could be a series of metric " + show(base));
    }
  }

  private Count count(String field, Object json) {
    Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
    Count.CodeCondition code = Count.CodeCondition.ANY;
    Object outcome = json;
    if (json instanceof Map) {
      Map<String, Object> given = object(field, json);
      onlyKeys(field + ".", given, "outcome", "code");
      outcome = given.getOrDefault("outcome", "all");
      if (given.containsKey("code")) {
        code = Count.CodeCondition.parse(plain(given.get("code")));
        if (code == null) {
          problem(
              field + ".code",
              "expected a code such as 404 or 2xx, found " + show(given.get("code")));
          code = Count.CodeCondition.ANY;
        }
      }
      field = field + ".outcome";
    }
    if (outcome instanceof List<?> list) {
      if (list.isEmpty()) {
        problem(field, "expected at least one outcome");
      }
      for (int i = 0; i < list.size(); i++) {
        outcome(field + "[" + i + "]", list.get(i), outcomes);
      }
    } else {
      outcome(field, outcome, outcomes);
    }
    return new Count(outcomes, code);
  }

  private void outcome(String field, Object json, Set<Outcome> outcomes) {
    if ("all".equals(json)) {
      outcomes.addAll(EnumSet.allOf(Outcome.class));
      return;
    }
    Outcome outcome = json instanceof String text ? Outcome.of(text) : null;
    if (outcome == null) {
      problem(
          field,
          "unknown outcome "
              + show(json)
              + ", expected authorized, limited, denied, error, aborted or all");
    } else {
      outcomes.add(outcome);
    }
  }

  private List<Label> metricLabels(String field, Object json, Map<String, Label> declared) {
    List<Label> own = new ArrayList<>();
    if (json == null) {
      return own;
    }
    if (!(json instanceof List<?> list)) {
      problem(field, "expected a list of labels, found " + show(json));
      return own;
    }
    for (int i = 0; i < list.size(); i++) {
      String at = field + "[" + i + "]";
      Label label = list.get(i) instanceof String name ? declared.get(name) : null;
      if (label == null) {
        problem(at, "unknown label " + show(list.get(i)) + ", not one of labels");
        continue;
      }
      for (Label other : own) {
        if (other.publishedName().equals(label.publishedName())) {
          problem(at, "label " + show(label.publishedName()) + " occurs twice");
        }
      }
      own.add(label);
    }
    return own;
  }

  private Budget budget(Object json) {
    if (json == null) {
      return Budget.DEFAULT;
    }
    Map<String, Object> given = object("budget", json);
    onlyKeys("budget.", given, "series", "valueBytes");
    int series =
        integer("budget.series", given.get("series"), Budget.DEFAULT.series(), 1, MAX_SERIES);
    int valueBytes =
        integer(
            "budget.valueBytes",
            given.get("valueBytes"),
            Budget.DEFAULT.valueBytes(),
            MIN_VALUE_BYTES,
            MAX_VALUE_BYTES);
    return new Budget(series, valueBytes);
  }

  private int integer(String field, Object json, int otherwise, int min, int max) {
    if (json == null) {
      return otherwise;
    }
    Long value = json instanceof JsonNumber number ? number.asLong() : null;
    if (value == null || value < min || value > max) {
      problem(
          field, "expected a whole number from " + min + " to " + max + ", found " + show(json));
      return otherwise;
    }
    return value.intValue();
  }

  private boolean bool(String field, Object json) {
    if (json instanceof Boolean value) {
      return value;
    }
    problem(field, "expected true or false, found " + show(json));
    return false;
  }

  private String text(String field, Object json) {
    if (json instanceof String text) {
      return text;
    }
    problem(field, "expected a text, found " + show(json));
    return "";
  }

  private Map<String, Object> object(String field, Object json) {
    if (json instanceof Map<?, ?> map) {
      Map<String, Object> members = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        members.put((String) entry.getKey(), entry.getValue());
      }
      return members;
    }
    problem(field, "expected an object, found " + show(json));
    return Map.of();
  }

  private void onlyKeys(String prefix, Map<String, Object> given, String... known) {
    for (String key : given.keySet()) {
      boolean found = false;
      for (String each : known) {
        found |= each.equals(key);
      }
      if (!found) {
        StringBuilder expected = new StringBuilder();
        for (String each : known) {
          expected.append(expected.length() == 0 ? "" : ", ").append(each);
        }
        problem(prefix + key, "unknown key, expected one of " + expected);
      }
    }
  }

  private static boolean isTakenLabel(String name) {
    return name.equals("le") || name.equals("quantile");
  }

  private static String show(Object json) {
    if (json instanceof String text) {
      return "\"" + text + "\"";
    }
    if (json instanceof Map) {
      return "an object";
    }
    if (json instanceof List) {
      return "a list";
    }
    return plain(json);
  }

  /** Returns the text of a value that is neither an object nor a list, otherwise nothing. */
  private static String plain(Object json) {
    if (json instanceof String text) {
      return text;
    }
    if (json instanceof JsonNumber number) {
      return number.text();
    }
    if (json instanceof Boolean value) {
      return value ? "true" : "false";
    }
    return json == null ? "null" : "";
  }

  private void problem(String field, String reason) {
    problems.add(new Problem(printable(field), printable(reason)));
  }

  /** Shows control characters, so that no text can look like a message of its own. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
