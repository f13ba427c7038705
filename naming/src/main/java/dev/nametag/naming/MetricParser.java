package dev.nametag.naming;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the {@code metrics} of a configuration. */
final class MetricParser {
  private final ConfigurationFields fields;
  private final LabelParser labelParser;

  MetricParser(ConfigurationFields fields, LabelParser labelParser) {
    this.fields = fields;
    this.labelParser = labelParser;
  }

  List<Metric> metrics(Object json, Profile naming, Map<String, Label> labels) {
    Map<String, Object> given = fields.object("metrics", json);
    if (given.isEmpty() && json instanceof Map) {
      fields.problem("metrics", "expected at least one metric");
    }
    List<Metric> metrics = new ArrayList<>();
    for (Map.Entry<String, Object> entry : given.entrySet()) {
      String name = entry.getKey();
      String field = "metrics." + name;
      metricName(field, name, given);
      Map<String, Object> metric = fields.object(field, entry.getValue());
      fields.onlyKeys(field + ".", metric, "count", "add", "record", "labels");
      if (!metric.containsKey("count") && entry.getValue() instanceof Map) {
        fields.problem(field + ".count", "missing; expected an outcome such as authorized, or all");
      }
      Count count = count(field + ".count", metric.getOrDefault("count", "all"));
      List<Label> own = metricLabels(field + ".labels", metric.get("labels"), labels);
      if (naming == Profile.CHARGEBACK && !own.isEmpty() && !ChargebackCodec.canName(own)) {
        fields.problem(
            field + ".labels",
            "naming chargeback writes exactly the labels user, group, namespace, in this order,"
                + " or none");
      }
      if (naming == Profile.HIGRESS && !own.isEmpty() && !HigressCodec.canName(own)) {
        fields.problem(
            field + ".labels",
            "naming higress writes exactly the labels route, upstream, model, consumer, in this"
                + " order, or none");
      }
      Measure measure = measure(field, metric);
      if (measure.kind() == Measure.Kind.HISTOGRAM && !own.isEmpty()) {
        suffixes(field, naming);
      }
      metrics.add(new Metric(name, count, measure, own));
    }
    return metrics;
  }

  private Measure measure(String field, Map<String, Object> metric) {
    if (metric.containsKey("add") && metric.containsKey("record")) {
      fields.problem(field, "expected either add or record");
    }
    for (Measure.Kind kind : new Measure.Kind[] {Measure.Kind.SUM, Measure.Kind.HISTOGRAM}) {
      String key = kind == Measure.Kind.SUM ? "add" : "record";
      if (metric.containsKey(key)) {
        return new Measure(kind, labelParser.measured(field + "." + key, metric.get(key)));
      }
    }
    return Measure.CALLS;
  }

  /** Hosts put {@code _bucket}, {@code _sum} and {@code _count} behind a histogram's name. */
  private void suffixes(String field, Profile naming) {
    if (naming == Profile.CHARGEBACK || naming == Profile.PROMETHEUS_VALUES) {
      fields.problem(
          field + ".record",
          "naming "
              + naming.text()
              + " cannot tell what hosts put behind a histogram's name from a value; expected a"
              + " histogram without labels, or another naming");
    }
  }

  private void metricName(String field, String name, Map<String, Object> all) {
    if (!Names.isMetric(name)) {
      fields.problem(
          field,
          "metric name "
              + ConfigurationFields.show(name)
              + " must be letters and digits in words joined by single underscores, a letter"
              + " first");
      return;
    }
    if (name.startsWith(Names.RESERVED_PREFIX)) {
      fields.problem(
          field,
          "metric name "
              + ConfigurationFields.show(name)
              + " starts with "
              + Names.RESERVED_PREFIX
              + ", which is kept for the filter's own metrics");
    }
    if (Names.endsLikeResponseCode(name)) {
      fields.problem(
          field,
          "metric name "
              + ConfigurationFields.show(name)
              + " ends like a response code, which Envoy and Istio cut off names");
    }
    if (Names.startsLikeAuthorization(name)) {
      fields.problem(
          field,
          "metric name "
              + ConfigurationFields.show(name)
              + " starts like what Istio cuts off names of stats");
    }
    String base = Names.withoutHistogramSuffix(name);
    if (base != null && all.containsKey(base)) {
      fields.problem(
          field,
          "metric name "
              + ConfigurationFields.show(name)
              + " could be a series of metric "
              + ConfigurationFields.show(base));
    }
  }

  private Count count(String field, Object json) {
    Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
    Count.CodeCondition code = Count.CodeCondition.ANY;
    Object outcome = json;
    if (json instanceof Map) {
      Map<String, Object> given = fields.object(field, json);
      fields.onlyKeys(field + ".", given, "outcome", "code");
      outcome = given.getOrDefault("outcome", "all");
      if (given.containsKey("code")) {
        code = Count.CodeCondition.parse(ConfigurationFields.plain(given.get("code")));
        if (code == null) {
          fields.problem(
              field + ".code",
              "expected a code such as 404 or 2xx, found "
                  + ConfigurationFields.show(given.get("code")));
          code = Count.CodeCondition.ANY;
        }
      }
      field = field + ".outcome";
    }
    if (outcome instanceof List<?> list) {
      if (list.isEmpty()) {
        fields.problem(field, "expected at least one outcome");
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
      fields.problem(
          field,
          "unknown outcome "
              + ConfigurationFields.show(json)
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
      fields.problem(field, "expected a list of labels, found " + ConfigurationFields.show(json));
      return own;
    }
    for (int i = 0; i < list.size(); i++) {
      String at = field + "[" + i + "]";
      Label label = list.get(i) instanceof String name ? declared.get(name) : null;
      if (label == null) {
        fields.problem(
            at, "unknown label " + ConfigurationFields.show(list.get(i)) + ", not one of labels");
        continue;
      }
      for (Label other : own) {
        if (other.publishedName().equals(label.publishedName())) {
          fields.problem(
              at, "label " + ConfigurationFields.show(label.publishedName()) + " occurs twice");
        }
      }
      for (Label other : own) {
        if (label.list() == ListPolicy.ALL && other.list() == ListPolicy.ALL) {
          fields.problem(
              at,
              "label "
                  + ConfigurationFields.show(label.name())
                  + " has list all, and so has "
                  + ConfigurationFields.show(other.name())
                  + "; a metric counts each element of one list at most");
        }
      }
      own.add(label);
    }
    return own;
  }
}
