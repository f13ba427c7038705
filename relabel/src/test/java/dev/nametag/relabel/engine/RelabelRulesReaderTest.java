package dev.nametag.relabel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelabelRulesReaderTest {
  private static final RelabelRules DROP_A =
      RelabelRules.of(RelabelRule.builder(RelabelAction.LABELDROP).regex("a").build());

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("a bare list", "- {action: labeldrop, regex: a}"),
        Arguments.of("JSON", "[{\"action\": \"labeldrop\",\n\t\"regex\": \"a\"}]"),
        Arguments.of(
            "the list under its key", "metric_relabel_configs: [{action: labeldrop, regex: a}]"),
        Arguments.of(
            "the operator's list under its key",
            "metricRelabelings: [{action: LabelDrop, regex: a}]"),
        Arguments.of(
            "a prometheus.yml",
            """
            global: {scrape_interval: 15s}
            scrape_configs:
              - job_name: envoy
                relabel_configs: [{action: labelmap, regex: __meta_(.*)}]
                metric_relabel_configs:
                  - action: labeldrop
                    regex: a
            """),
        Arguments.of(
            "a list of scrape configs",
            "- job_name: envoy\n  metric_relabel_configs: [{action: labeldrop, regex: a}]"),
        Arguments.of(
            "a ServiceMonitor",
            """
            kind: ServiceMonitor
            spec:
              endpoints:
                - port: http
                  metricRelabelings: [{action: labeldrop, regex: a}]
            """),
        Arguments.of(
            "a PodMonitor behind another document",
            """
            kind: Service
            spec: {ports: [{port: 1}]}
            ---
            kind: PodMonitor
            spec:
              podMetricsEndpoints: [{metricRelabelings: [{action: labeldrop, regex: a}]}]
            """),
        Arguments.of(
            "a ScrapeConfig in a List",
            """
            kind: List
            items:
              - kind: ScrapeConfig
                spec: {metricRelabelings: [{action: labeldrop, regex: a}]}
            """),
        Arguments.of(
            "two endpoints with the same rules",
            """
            kind: ServiceMonitor
            spec:
              endpoints:
                - metricRelabelings: &rules [{action: labeldrop, regex: a}]
                - metricRelabelings: *rules
            """));
  }

  /** The words of vmagent are those of VictoriaMetrics, lib/promrelabel/config.go. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "- {action: replace_all, target_label: b} | [0].source_labels: missing `source_labels` for"
            + " `action=replace_all` (line 1)",
        "- {action: replace_all, source_labels: [b]} | [0].target_label: missing `target_label` for"
            + " `action=replace_all` (line 1)",
        "- {action: keep_if_equal, source_labels: [b]} | [0].source_labels: `source_labels` must"
            + " contain at least two entries for `action=keep_if_equal`; got [b] (line 1)",
        "- {action: keep_metrics} | [0].regex: `regex` must be non-empty for `action=keep_metrics`"
            + " (line 1)",
        "- {action: keep, if: 'a{'} | [0].if: expected a label name, found the end (line 1)",
        "- {action: keep, if: '{}'} | [0].if: the series selector selects nothing (line 1)",
        "- {action: keep, if: '{a=\"x\" or b=\"y\"}'} | [0].if: 'or' between filters, which newer vmagents"
            + " take, is not run here (line 1)",
        "- {action: keep, if: 'a b'} | [0].if: expected a series selector, found \"b\" (line 1)",
        "- {action: drop, if: 'a', foo: b} | [0].foo: unknown field (line 1)",
        "- {target_label: a, replacement: 'x{{b}}', if: a} | [0].replacement: references to labels"
            + " ({{label}}), which vmagent has since 1.81, are not filled in here (line 1)",
      })
  void rulesThatVmagentRefusesAreRefused(String rules, String message) {
    assertThatThrownBy(() -> RelabelRulesReader.read("f", rules))
        .isInstanceOf(RelabelFileException.class)
        .hasMessage("f: " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- {action: labelmap_all, regex: a}",
        "- {action: drop, if: a}",
        "- {action: drop, regex: [a, b], source_labels: [c]}",
        "{kind: VMServiceScrape, apiVersion: operator.victoriametrics.com/v1beta1, spec: {endpoints:"
            + " [{metricRelabelConfigs: [{action: labeldrop, regex: a}]}]}}",
      })
  void rulesThatOnlyVmagentHasAreItsRules(String rules) {
    assertThat(RelabelRulesReader.read("f", rules).dialect()).isEqualTo(Dialect.VMAGENT);
    assertThatThrownBy(
            () ->
                RelabelRulesReader.read(
                    "f", rules.replace("VMServiceScrape", "X"), Optional.of(Dialect.PROMETHEUS)))
        .isInstanceOf(RelabelFileException.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void rulesAreFoundIn(String name, String file) {
    assertThat(RelabelRulesReader.read(name, file)).isEqualTo(DROP_A);
  }

  static Stream<Arguments> refusedFiles() {
    return Stream.of(
        Arguments.of(
            "scrape_configs:\n- job_name: x\n  metric_relabel_configs:\n  - regex: a(\n"
                + "    target_label: b",
            "f: scrape_configs[0].metric_relabel_configs[0].regex: error parsing regexp: missing"
                + " closing ): `a(` (line 4)"),
        Arguments.of(
            "- action: replace",
            "f: [0].target_label: relabel configuration for replace action requires"
                + " 'target_label' value (line 1)"),
        Arguments.of(
            "metricRelabelings:\n- sourceLabels: [a]\n  targetLabel: a-b",
            "f: metricRelabelings[0].targetLabel: \"a-b\" is invalid 'target_label' for replace"
                + " action (line 3)"),
        Arguments.of(
            "metricRelabelings:\n- source_labels: [a]",
            "f: metricRelabelings[0].source_labels: unknown field; here it is spelled sourceLabels"
                + " (line 2)"),
        Arguments.of(
            "metric_relabel_configs:\n- sourceLabels: [a]",
            "f: metric_relabel_configs[0].sourceLabels: unknown field; here it is spelled"
                + " source_labels (line 2)"),
        Arguments.of("- {action: keep, if: x}", "f: [0].if: unknown field (line 1)"),
        Arguments.of("- {action: dorp}", "f: [0].action: unknown relabel action \"dorp\" (line 1)"),
        Arguments.of("- {action: ''}", "f: [0].action: relabel action cannot be empty (line 1)"),
        Arguments.of(
            "- {action: keep, regex: }",
            "f: [0].regex: has no value; write '' for the empty text (line 1)"),
        Arguments.of(
            "- {action: keep, regex: [a]}", "f: [0].regex: expected a text, found a list (line 1)"),
        Arguments.of(
            "- {action: keep, source_labels: a}",
            "f: [0].source_labels: expected a list of label names, found a text (line 1)"),
        Arguments.of(
            "- {action: keep, source_labels: [a, b-c]}",
            "f: [0].source_labels[1]: \"b-c\" is not a valid label name (line 1)"),
        Arguments.of(
            "- {action: hashmod, target_label: a, modulus: -1}",
            "f: [0].modulus: expected a whole number from 0 to 18446744073709551615 (line 1)"),
        Arguments.of(
            "- {action: keepequal, source_labels: [a], target_label: b, regex: (.*)}",
            "f: [0].regex: keepequal action requires only 'source_labels' and `target_label`, and"
                + " no other fields (line 1)"),
        Arguments.of(
            "- {action: labeldrop, regex: a, source_labels: []}",
            "f: [0].source_labels: labeldrop action requires only 'regex', and no other fields"
                + " (line 1)"),
        Arguments.of("- 5", "f: [0]: expected a rule, found a number (line 1)"),
        Arguments.of("a: [", "f: expected the node content, but found '<stream end>' (line 1)"),
        Arguments.of(
            "", "f: no metric relabel rules (metric_relabel_configs or metricRelabelings)"),
        Arguments.of(
            "relabel_configs: []",
            "f: no metric relabel rules (metric_relabel_configs or metricRelabelings), only rules"
                + " for targets, which never see a metric name"),
        Arguments.of(
            "kind: ServiceMonitor\nspec:\n  metricRelabelings: []",
            "f: spec.metricRelabelings: metric relabel rules are not read here: a ServiceMonitor"
                + " has them at spec.endpoints[].metricRelabelings (line 3)"),
        Arguments.of(
            "kind: ServiceMonitor\nspec:\n  endpoints:\n  - metric_relabel_configs: []",
            "f: spec.endpoints[0].metric_relabel_configs: metric relabel rules are not read here:"
                + " a ServiceMonitor has them at spec.endpoints[].metricRelabelings (line 4)"),
        Arguments.of(
            "scrape_configs:\n- metric_relabel_configs: []\n"
                + "- metric_relabel_configs: [{action: labeldrop, regex: a}]",
            "f: several different lists of metric relabel rules:"
                + " scrape_configs[0].metric_relabel_configs,"
                + " scrape_configs[1].metric_relabel_configs"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refusedFiles")
  void fileIsRefusedWithItsFieldAndReason(String file, String message) {
    assertThatThrownBy(
            () -> RelabelRulesReader.read("f", file, Optional.of(Dialect.PROMETHEUS_LEGACY)))
        .isInstanceOf(RelabelFileException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void numbersAreTakenAsTheyAreSpelled() {
    RelabelRules rules =
        RelabelRulesReader.read("f", "- {regex: 0x10, replacement: 1.0, target_label: on}");

    assertThat(rules)
        .isEqualTo(RelabelRules.of(RelabelRule.replace(List.of(), "0x10", "on", "1.0")));
  }

  @Test
  void emptyTextsCountForPrometheus() {
    RelabelRules rules =
        RelabelRulesReader.read(
            "f", "- {regex: '', separator: '', replacement: '', target_label: a}");

    assertThat(rules.rules().get(0))
        .isEqualTo(
            RelabelRule.builder(RelabelAction.REPLACE)
                .regex("")
                .separator("")
                .replacement("")
                .targetLabel("a")
                .build());
  }

  @Test
  void emptyRegexIsNoRegexForTheOperator() {
    RelabelRules rules =
        RelabelRulesReader.read("f", "metricRelabelings: [{regex: '', targetLabel: a}]");

    assertThat(rules.rules().get(0).regex()).isEqualTo("(.*)");
  }

  @Test
  void everyListIsReturnedWithItsPath() {
    assertThat(
            RelabelRulesReader.readAll(
                "f",
                "scrape_configs:\n- metric_relabel_configs: []\n"
                    + "- metric_relabel_configs: [{action: labeldrop, regex: a}]",
                Optional.empty()))
        .extracting(RelabelRulesReader.FoundRules::path)
        .containsExactly(
            "scrape_configs[0].metric_relabel_configs", "scrape_configs[1].metric_relabel_configs");
  }

  static IntStream seeds() {
    return IntStream.range(0, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void damagedFileIsReadOrRefused(int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      StringBuilder text = new StringBuilder(DemoRules.serviceMonitor());
      for (int j = random.nextInt(4); j >= 0; j--) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(20));
        text.replace(at, end, "[]{}()*+?:-'\"&|\n \t$".substring(random.nextInt(18)));
      }
      try {
        assertThat(RelabelRulesReader.read("f", text.toString())).isNotNull();
      } catch (RelabelFileException e) {
        assertThat(e).hasMessageStartingWith("f: ");
      }
    }
  }
}
