package dev.nametag.relabel.generate;

import dev.nametag.fixtures.Corpora;
import dev.nametag.fixtures.IdentityValue;
import dev.nametag.naming.Label;
import dev.nametag.naming.LabelText;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two hundred adversarial identities as the filter would count them: each as user, as group and as
 * namespace, in combinations that give every series its own value; some are of a histogram. One
 * series is over the budget.
 */
final class IdentitySeries {
  static final Schema SCHEMA =
      Schema.parse(
          """
          {"labels": {"user": {"value": ""}, "group": {"value": ""},
                      "user_group": {"value": "", "rename": "team"}},
           "metrics": {
             "calls": {"count": "all", "labels": ["user", "group", "user_group"]},
             "limited_calls": {"count": "limited", "labels": ["user", "group", "user_group"]},
             "calls_by_team": {"count": "all", "labels": ["user_group"]},
             "latency_ms": {
                 "count": "all", "record": "request.duration", "labels": ["user_group", "user"]},
             "calls_total": {"count": "all"}}}
          """);

  /** Somebody else's series and those of another configuration, which no rule may touch. */
  private static final Map<Map<String, String>, String> FOREIGN =
      Map.of(
          Map.of("__name__", "istio_requests_total", "user", "_2d", "group", "~", "team", "<2d-.>"),
          "100001",
          Map.of("__name__", "callsx__user__a__group__b__user_group__c", "user", "_40"),
          "100002",
          Map.of("__name__", "calls_total"),
          "100003",
          Map.of("__name__", "calls__user__a__group__b"),
          "100005",
          Map.of("__name__", "calls__user__a__group__b__user_group__c__tier__d"),
          "100006",
          Map.of("__name__", "calls_by_team__user__a__user_group__b"),
          "100007",
          Map.of("__name__", "calls", "user", ";x", "group", "_5f"),
          "100004");

  private static final LosslessCodec CODEC = new LosslessCodec(SCHEMA.budget().valueBytes());

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, List<LabelValue>> labelValues = new LinkedHashMap<>();
  private final Map<String, Metric> metrics = new LinkedHashMap<>();
  private final Map<String, String> suffixes = new LinkedHashMap<>();

  IdentitySeries() {
    List<LabelValue> identities = new ArrayList<>();
    for (IdentityValue identity : Corpora.adversarialIdentities()) {
      identities.add(identity.bytes().map(LabelValue::of).orElse(LabelValue.ABSENT));
    }
    int size = identities.size();
    for (int i = 0; i < size; i++) {
      add(
          SCHEMA.metrics().get(i % 2),
          List.of(
              identities.get(i),
              identities.get((7 * i + 3) % size),
              identities.get((11 * i + 5) % size)));
      add(SCHEMA.metrics().get(2), List.of(identities.get(i)));
      add(
          SCHEMA.metrics().get(3),
          List.of(identities.get((5 * i + 1) % size), identities.get(i)),
          List.of("_bucket", "_sum", "_count").get(i % 3));
    }
    add(SCHEMA.metrics().get(0), List.of(LabelValue.OTHER, LabelValue.OTHER, LabelValue.OTHER));
  }

  private void add(Metric metric, List<LabelValue> identities) {
    add(metric, identities, "");
  }

  private void add(Metric metric, List<LabelValue> identities, String suffix) {
    String name = CODEC.encode(metric, identities) + suffix;
    suffixes.put(name, suffix);
    values.put(name, Integer.toString(values.size() + 1));
    labelValues.put(name, identities);
    metrics.put(name, metric);
  }

  /** Returns the page that a proxy would serve. */
  String page() {
    StringBuilder page = new StringBuilder();
    values.forEach(
        (name, value) ->
            page.append(name)
                .append(suffixes.get(name).equals("_bucket") ? "{le=\"+Inf\"} " : "{} ")
                .append(value)
                .append('\n'));
    FOREIGN.forEach(
        (labels, value) -> {
          List<String> pairs = new ArrayList<>();
          labels.forEach(
              (label, text) -> {
                if (!label.equals("__name__")) {
                  pairs.add(label + "=\"" + text + "\"");
                }
              });
          page.append(labels.get("__name__"))
              .append('{')
              .append(String.join(",", pairs))
              .append("} ")
              .append(value)
              .append('\n');
        });
    return page.toString();
  }

  /** Returns the raw names. */
  List<String> names() {
    return List.copyOf(values.keySet());
  }

  /** Returns what stands behind the name of a histogram's series. */
  String suffix(String name) {
    return suffixes.get(name);
  }

  String value(String name) {
    return values.get(name);
  }

  /** Returns the labels, the metric's name among them, that a raw name must become. */
  Map<String, String> labels(String name, LabelText text) {
    Map<String, String> labels = new TreeMap<>();
    labels.put("__name__", metrics.get(name).name() + suffixes.get(name));
    if (suffixes.get(name).equals("_bucket")) {
      labels.put("le", "+Inf");
    }
    int i = 0;
    for (Label label : metrics.get(name).labels()) {
      String expected = text.of(CODEC.encode(labelValues.get(name).get(i++)));
      if (expected != null) {
        labels.put(label.publishedName(), expected);
      }
    }
    return labels;
  }

  /** Returns what must be stored: the value of each series by its labels, those of others too. */
  Map<Map<String, String>, String> expected(LabelText text) {
    Map<Map<String, String>, String> expected = new LinkedHashMap<>();
    values.forEach((name, value) -> expected.put(labels(name, text), value));
    FOREIGN.forEach((labels, value) -> expected.put(new TreeMap<>(labels), value));
    return expected;
  }
}
