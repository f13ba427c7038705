package dev.nametag.relabel.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.naming.LabelText;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.RelabelRulesReader;
import dev.nametag.relabel.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
  private static final Schema SCHEMA = Schema.defaults();

  private static Decoding decoding(Decoding.Mode mode) {
    return new Decoding(mode, LabelText.DEFAULT);
  }

  private static Map<String, String> yamlByTarget(Schema schema, Decoding decoding) {
    ProxyPods pods = ProxyPods.DEFAULT;
    Map<String, String> yaml = new LinkedHashMap<>();
    yaml.put("servicemonitor", new ServiceMonitorTarget(pods).yaml(schema, decoding));
    yaml.put("podmonitor", new PodMonitorTarget(pods, "http").yaml(schema, decoding));
    yaml.put(
        "scrapeconfig",
        new ScrapeConfigTarget(pods, List.of("127.0.0.1:1"), Map.of()).yaml(schema, decoding));
    yaml.put("prometheus", PrometheusTarget.DEFAULT.yaml(schema, decoding));
    return yaml;
  }

  @ParameterizedTest
  @CsvSource({
    "lossless, FULL",
    "lossless, COMMON",
    "lossless, NONE",
    "chargeback, FULL",
  })
  void fourTargetsHoldTheSameRules(String naming, Decoding.Mode mode) {
    Schema schema = Schema.parse("{\"naming\": \"" + naming + "\"}");
    Decoding decoding = decoding(mode);
    var generated = RuleGenerator.toRules(RuleGenerator.generate(schema, decoding));

    assertThat(yamlByTarget(schema, decoding))
        .allSatisfy(
            (target, yaml) ->
                assertThat(RelabelRulesReader.read(target, yaml).rules())
                    .isEqualTo(generated.rules()));
  }

  @Test
  void aPodMonitorNamesThePort() {
    String yaml = new PodMonitorTarget(ProxyPods.DEFAULT, "http-envoy-prom").yaml(SCHEMA, plain());

    Map<?, ?> resource = documents(yaml).get(0);
    assertThat(resource.get("apiVersion")).isEqualTo("monitoring.coreos.com/v1");
    assertThat(resource.get("kind")).isEqualTo("PodMonitor");
    assertThat(resource.get("metadata"))
        .isEqualTo(
            Map.of(
                "name", "nametag-envoy-metrics",
                "namespace", "istio-system",
                "labels", Map.of("release", "prometheus", "istio", "ingressgateway")));
    Map<?, ?> spec = (Map<?, ?>) resource.get("spec");
    assertThat(spec.get("selector"))
        .isEqualTo(Map.of("matchLabels", Map.of("istio", "ingressgateway")));
    assertThat(spec.get("namespaceSelector"))
        .isEqualTo(Map.of("matchNames", List.of("istio-system")));
    assertThat(withoutRules(first(spec, "podMetricsEndpoints"), "metricRelabelings"))
        .isEqualTo(
            Map.of(
                "port", "http-envoy-prom",
                "path", "/stats/prometheus",
                "interval", "15s",
                "scrapeTimeout", "10s",
                "honorLabels", false));
  }

  @Test
  void aScrapeConfigFindsPods() {
    String yaml =
        new ScrapeConfigTarget(ProxyPods.DEFAULT, List.of(), Map.of()).yaml(SCHEMA, plain());

    Map<?, ?> resource = documents(yaml).get(0);
    assertThat(resource.get("apiVersion")).isEqualTo("monitoring.coreos.com/v1alpha1");
    assertThat(resource.get("kind")).isEqualTo("ScrapeConfig");
    Map<?, ?> spec = (Map<?, ?>) resource.get("spec");
    assertThat(first(spec, "kubernetesSDConfigs"))
        .isEqualTo(
            Map.of(
                "role",
                "Pod",
                "namespaces",
                Map.of("names", List.of("istio-system")),
                "selectors",
                List.of(Map.of("role", "Pod", "label", "istio=ingressgateway"))));
    assertThat(first(spec, "relabelings"))
        .isEqualTo(
            Map.of(
                "action",
                "keep",
                "sourceLabels",
                List.of("__meta_kubernetes_pod_container_port_number"),
                "regex",
                "15090"));
    assertThat(spec.containsKey("staticConfigs")).isFalse();
  }

  @Test
  void aScrapeConfigTakesFixedAddressesInstead() {
    String yaml =
        new ScrapeConfigTarget(ProxyPods.DEFAULT, List.of("10.0.0.1:15090"), Map.of("a", "b"))
            .yaml(SCHEMA, plain());

    Map<?, ?> spec = (Map<?, ?>) documents(yaml).get(0).get("spec");
    assertThat(first(spec, "staticConfigs"))
        .isEqualTo(Map.of("targets", List.of("10.0.0.1:15090"), "labels", Map.of("a", "b")));
    assertThat(spec.containsKey("kubernetesSDConfigs")).isFalse();
    assertThat(spec.containsKey("relabelings")).isFalse();
  }

  @Test
  void aVmServiceScrapeHasTheRulesOfVmagent() {
    List<Map<?, ?>> documents =
        documents(new VmServiceScrapeTarget(ProxyPods.DEFAULT).yaml(SCHEMA, plain()));

    assertThat(documents.get(0).get("kind")).isEqualTo("Service");
    Map<?, ?> resource = documents.get(1);
    assertThat(resource.get("apiVersion")).isEqualTo("operator.victoriametrics.com/v1beta1");
    assertThat(resource.get("kind")).isEqualTo("VMServiceScrape");
    Map<?, ?> endpoint = first((Map<?, ?>) resource.get("spec"), "endpoints");
    assertThat(endpoint.get("port")).isEqualTo("http-envoy-metrics");
    List<?> rules = (List<?>) endpoint.get("metricRelabelConfigs");
    assertThat(rules.get(5))
        .isEqualTo(
            Map.of(
                "action",
                "replace_all",
                "sourceLabels",
                List.of("__tmp_nametag_user"),
                "regex",
                "_(2[def0b]|40|3a|5f)",
                "targetLabel",
                "__tmp_nametag_user",
                "replacement",
                "<${1}-.@/: +_>"));
    assertThat(rules.get(rules.size() - 1))
        .isEqualTo(Map.of("action", "labeldrop", "regex", "__tmp_nametag_.+"));
    assertThat(rules).hasSize(24);
  }

  @Test
  void theHeaderSaysForWhatItIsAndWhatItCosts() {
    assertThat(comment(PrometheusTarget.DEFAULT.yaml(SCHEMA, decoding(Decoding.Mode.NONE))))
        .isEqualTo(
            """
            # Rules for authorized_calls_with_user_and_group, limited_calls_with_user_and_group.
            # 13 rules: 4 for user, 4 for group, 4 for namespace, 1 for the names. Further metrics with the same
            #  labels add none.
            # A value of letters and digits is the label itself; any other is ~ and the encoded value.
            # namespace hides the scrape target's own label of that name; rename it in the configuration to keep
            #  both.
            """);
  }

  @Test
  void theHeaderCountsTheRulesOnTemporaryLabelsForTheirLabels() {
    int rules = RuleGenerator.generate(SCHEMA).size();
    int each = (rules - 3) / 3;

    assertThat(comment(PrometheusTarget.DEFAULT.yaml(SCHEMA)))
        .contains(
            rules
                + " rules: "
                + each
                + " for user, "
                + each
                + " for group, "
                + each
                + " for namespace, 1 for the names, 2 to tidy");
  }

  @Test
  void theHeaderSaysWhatTheLabelsLookLike() {
    assertThat(comment(PrometheusTarget.DEFAULT.yaml(SCHEMA, plain())))
        .contains("at most 15 of the latter");
    assertThat(comment(new VmagentTarget(PrometheusTarget.DEFAULT).yaml(SCHEMA, plain())))
        .contains("\"-.@/: +_\"")
        .contains("24 rules: 7 for user, 7 for group, 7 for namespace, 1 for the names, 2 to tidy")
        .doesNotContain("at most");
  }

  @Test
  void theFirstRuleForALabelThatHidesAnotherSaysSo() {
    String yaml = PrometheusTarget.DEFAULT.yaml(SCHEMA, plain());

    assertThat(yaml.substring(comment(yaml).length()))
        .containsOnlyOnce("# namespace hides the scrape target's own label of that name");
  }

  @Test
  void aRenamedLabelHidesNothingAndHasItsNewNameEverywhere() {
    Schema schema =
        Schema.parse(
            """
            {"labels": {"namespace": {"value": "n", "rename": "tenant"}},
             "metrics": {"calls": {"count": "all", "labels": ["namespace"]}}}
            """);
    List<String> yaml = new ArrayList<>(yamlByTarget(schema, plain()).values());
    yaml.add(new VmagentTarget(PrometheusTarget.DEFAULT).yaml(schema, plain()));
    yaml.add(new VmServiceScrapeTarget(ProxyPods.DEFAULT).yaml(schema, plain()));
    yaml.add(OtelCollectorTarget.yaml(schema, plain()));

    assertThat(yaml)
        .allSatisfy(
            each -> assertThat(each).contains("tenant").doesNotContain("hides the scrape target"));
  }

  @ParameterizedTest
  @CsvSource({"FULL, 24", "COMMON, 24", "NONE, 13"})
  void vmagentNeedsFewerRules(Decoding.Mode mode, int rules) {
    assertThat(VmagentRules.of(SCHEMA, decoding(mode))).hasSize(rules);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 50})
  void theNumberOfMetricsChangesNoNumberOfRules(int metrics) {
    Schema schema = schema(metrics);
    Decoding none = decoding(Decoding.Mode.NONE);

    assertThat(RuleGenerator.generate(schema, none)).hasSize(13);
    assertThat(VmagentRules.of(schema, plain())).hasSize(24);
    assertThat(RuleGenerator.generate(schema))
        .hasSameSizeAs(RuleGenerator.generate(schema(1)))
        .hasSizeLessThan(60);
  }

  @Test
  void aConfigurationWithoutLabelsNeedsNoRules() {
    Schema schema = Schema.parse("{\"metrics\": {\"calls\": {\"count\": \"all\"}}}");

    assertThat(yamlByTarget(schema, plain()).values())
        .allSatisfy(
            yaml -> assertThat(yaml).startsWith("# No metric has labels: nothing to do.\n"));
    assertThat(new VmagentTarget(PrometheusTarget.DEFAULT).yaml(schema, plain()))
        .contains("metric_relabel_configs: []");
  }

  /** The labels are those that every profile can write. */
  private static Schema schemaOf(String naming) {
    return Schema.parse(
        """
        {"naming": "%s",
         "labels": {"route": {"value": ""}, "upstream": {"value": ""}, "model": {"value": ""},
                    "consumer": {"value": ""}},
         "metrics": {"calls": {"count": "all",
                               "labels": ["route", "upstream", "model", "consumer"]}}}
        """
            .formatted(naming));
  }

  @ParameterizedTest
  @ValueSource(strings = {"envoy-tags", "prometheus-values", "higress"})
  void noTargetWithRulesTakesNamesThatRulesCannotRead(String naming) {
    Schema schema = schemaOf(naming);
    ProxyPods pods = ProxyPods.DEFAULT;
    List<ThrowingCallable> targets =
        List.of(
            () -> new ServiceMonitorTarget(pods).yaml(schema, plain()),
            () -> new PodMonitorTarget(pods, "http").yaml(schema, plain()),
            () -> new ScrapeConfigTarget(pods, List.of(), Map.of()).yaml(schema, plain()),
            () -> PrometheusTarget.DEFAULT.yaml(schema, plain()),
            () -> new VmagentTarget(PrometheusTarget.DEFAULT).yaml(schema, plain()),
            () -> new VmServiceScrapeTarget(pods).yaml(schema, plain()),
            () -> OtelCollectorTarget.yaml(schema, plain()));

    assertThat(targets)
        .allSatisfy(
            target ->
                assertThatThrownBy(target)
                    .isInstanceOf(UnsupportedSchemaException.class)
                    .hasMessageStartingWith("naming: " + naming + ": "));
  }

  @Test
  void theCollectorCannotReadChargebackNames() {
    Schema schema = Schema.parse("{\"naming\": \"chargeback\"}");

    assertThatThrownBy(() -> OtelCollectorTarget.yaml(schema, plain()))
        .isInstanceOf(UnsupportedSchemaException.class)
        .hasMessage("naming: chargeback: the target otel-collector is for lossless names only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<", ">", ";"})
  void whatTheRulesUseCannotBeInTheAlphabet(String alphabet) {
    assertThatThrownBy(() -> new Decoding(Decoding.Mode.FULL, new LabelText("-" + alphabet, 15)))
        .hasMessage("alphabet: the rules themselves use '" + alphabet + "'");
  }

  @Test
  void noMoreEscapesThanPrometheusCanDecode() {
    int most = Decoding.MAX_ESCAPES;

    assertThat(
            RuleGenerator.generate(
                SCHEMA, new Decoding(Decoding.Mode.FULL, new LabelText("-", most))))
        .isNotEmpty();
    assertThatThrownBy(() -> new Decoding(Decoding.Mode.FULL, new LabelText("-", most + 1)))
        .hasMessage("maxEscapes: 17 is more than 16");
  }

  static Schema schema(int metrics) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < metrics; i++) {
      all.add(
          "\"m" + i + "\": {\"count\": \"all\", \"labels\": [\"user\", \"group\", \"namespace\"]}");
    }
    return Schema.parse("{\"metrics\": {" + String.join(",", all) + "}}");
  }

  private static Decoding plain() {
    return Decoding.DEFAULT;
  }

  private static String comment(String yaml) {
    StringBuilder comment = new StringBuilder();
    yaml.lines()
        .takeWhile(line -> line.startsWith("#"))
        .forEach(line -> comment.append(line).append('\n'));
    return comment.toString();
  }

  private static List<Map<?, ?>> documents(String yaml) {
    List<Map<?, ?>> documents = new ArrayList<>();
    YamlReader.read("generated", yaml).forEach(document -> documents.add((Map<?, ?>) document));
    return documents;
  }

  private static Map<?, ?> first(Map<?, ?> map, String key) {
    return (Map<?, ?>) ((List<?>) map.get(key)).get(0);
  }

  private static Map<?, ?> withoutRules(Map<?, ?> endpoint, String field) {
    Map<Object, Object> rest = new LinkedHashMap<>(endpoint);
    assertThat(rest.remove(field)).isInstanceOf(List.class);
    return rest;
  }
}
