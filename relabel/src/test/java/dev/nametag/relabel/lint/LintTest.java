package dev.nametag.relabel.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.naming.LabelText;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.exposition.ExpositionLine;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.Sample;
import dev.nametag.relabel.generate.Decoding;
import dev.nametag.relabel.generate.PrometheusTarget;
import dev.nametag.relabel.generate.ServiceMonitorTarget;
import dev.nametag.relabel.generate.VmagentTarget;
import dev.nametag.relabel.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LintTest {
  private static final Schema RENAMED =
      Schema.parse(
          """
          {"labels": {
             "user": "auth.identity.userid",
             "group": "auth.identity.groups[0]",
             "namespace": {"value": "llm-d", "rename": "tenant_namespace"}},
           "metrics": {
             "authorized_calls": {"count": "authorized", "labels": ["user", "group", "namespace"]},
             "limited_calls": {"count": "limited", "labels": ["user", "group", "namespace"]},
             "all_calls": {"count": "all", "labels": ["user"]},
             "calls_total": {"count": "all"}}}
          """);

  @Test
  void theDemosMonitorHasEachOfItsKnownFaults() {
    LintReport report = lint(resource("chargeback-monitor.yaml"));

    assertThat(report.findings())
        .extracting(Finding::id)
        .contains(
            "quoted-value",
            "unlabelled-leftover",
            "empty-value-unlabelled",
            "ambiguous-border",
            "impossible-character",
            "overwritten-target-label",
            "honor-labels",
            "metadata-lost",
            "unguarded-cost",
            "unbounded-identity",
            "merged-counter",
            "collision");
    assertThat(report.findings()).allMatch(finding -> !finding.example().isEmpty());
  }

  @Test
  void aLeftoverIsShownByTheNameThatAMultiGroupUserGets() {
    LintReport report =
        Lint.run(
            List.of(resource("chargeback-monitor.yaml")),
            Optional.empty(),
            Optional.of(
                page(
                    "authorized_calls_with_user_and_group"
                        + "__user___a___group___premium__namespace__llm_d 3\n")),
            Optional.empty());

    assertThat(only(report, "unlabelled-leftover").example())
        .isEqualTo(
            "authorized_calls_with_user_and_group__user___a___group___premium__namespace__llm_d"
                + " becomes authorized_calls_with_user_and_group");
  }

  @Test
  void theGatewayPipelineNeedsWhatIsNotShown() {
    LintReport report = lint(resource("gateway-metrics.yaml"));

    assertThat(report.findings())
        .extracting(Finding::id)
        .containsExactly(
            "join-label-not-allowlisted",
            "join-may-fail",
            "inclusion-list-omits-metric",
            "inclusion-list-unanchored",
            "inclusion-list-hides-filter");
    assertThat(only(report, "inclusion-list-unanchored").reason())
        .contains("upstream_rq_time, upstream_rq_xx anywhere");
    assertThat(only(report, "join-label-not-allowlisted").reason())
        .contains("label_starform_io_managed_by");
    assertThat(only(report, "inclusion-list-omits-metric").reason()).contains("upstream_rq_total");
  }

  @Test
  void documentsThatDependOnEachOtherMayStandInSeveralFiles() {
    LintInput allowlist =
        new LintInput("ksm.yaml", "args: ['--metric-labels-allowlist=pods=[a/Team],nodes=[*]']");
    LintInput rules =
        new LintInput(
            "rules.yml",
            """
            groups:
              - name: g
                rules:
                  - {record: a, expr: 'max by (pod) (kube_pod_labels{label_a_team="x"})'}
                  - {record: b, expr: 'max by (pod) (kube_pod_labels{label_b="x"})'}
                  - {record: c, expr: 'max by (node) (kube_node_labels{label_c="x"})'}
            """);

    LintReport report =
        Lint.run(List.of(allowlist, rules), Optional.empty(), Optional.empty(), Optional.empty());

    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().get(0).path()).isEqualTo("groups[0].rules[1].expr");
  }

  @Test
  void generatedRulesAreClean() {
    assertThat(lint(new LintInput("m.yaml", ServiceMonitorTarget.DEFAULT.yaml(RENAMED))).findings())
        .isEmpty();
    assertThat(lint(new LintInput("p.yml", PrometheusTarget.DEFAULT.yaml(RENAMED))).findings())
        .isEmpty();
  }

  @Test
  void generatedRulesThatDoNotDecodeAreCleanToo() {
    Decoding none = new Decoding(Decoding.Mode.NONE, LabelText.DEFAULT);

    assertThat(
            lint(new LintInput("m.yaml", ServiceMonitorTarget.DEFAULT.yaml(RENAMED, none)))
                .findings())
        .isEmpty();
  }

  @Test
  void generatedRulesDecodeTheirConfiguration() {
    LintInput rules = new LintInput("m.yaml", ServiceMonitorTarget.DEFAULT.yaml(RENAMED));

    assertThat(
            Lint.run(List.of(rules), Optional.empty(), Optional.empty(), Optional.of(RENAMED))
                .findings())
        .isEmpty();
  }

  @Test
  void generatedRulesThatHideTheTargetsNamespaceAreSaidSo() {
    String yaml = ServiceMonitorTarget.DEFAULT.yaml(Schema.defaults());

    assertThat(lint(new LintInput("m.yaml", yaml)).findings())
        .extracting(Finding::id)
        .containsExactly("overwritten-target-label");
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
  void rulesOfAnotherProfileDoNotDecodeThisOne(String naming) {
    LintInput rules = new LintInput("m.yaml", ServiceMonitorTarget.DEFAULT.yaml(RENAMED));
    Schema other = schemaOf(naming);

    assertThat(
            Lint.run(List.of(rules), Optional.empty(), Optional.empty(), Optional.of(other))
                .findings())
        .extracting(Finding::id)
        .isNotEmpty()
        .containsOnly("metric-not-decoded");
  }

  @Test
  void rulesOfAnotherConfigurationDoNotDecodeThisOne() {
    LintInput rules = new LintInput("m.yaml", ServiceMonitorTarget.DEFAULT.yaml(RENAMED));

    assertThat(
            Lint.run(
                    List.of(rules),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(Schema.defaults()))
                .findings())
        .extracting(Finding::id)
        .containsExactly("metric-not-decoded", "metric-not-decoded");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "group-reference | - {source_labels: [a], regex: '(.*)', target_label: b, replacement: '$1_x'}",
        "group-reference | - {source_labels: [a], regex: 'x(.*)', target_label: b, replacement: '$2'}",
        "regex-not-re2 | - {source_labels: [a], regex: '(?!x).*', target_label: b}",
        "regex-not-re2 | - {source_labels: [a], regex: '(?<=x)y', action: keep}",
        "regex-not-re2 | - {source_labels: [a], regex: '(a)\\1', action: keep}",
        "invalid-rule | - {source_labels: [a], regex: '(', action: keep}",
        "utf8-label-name | - {source_labels: [a], regex: '(x.*)', target_label: 'b-c'}",
        "utf8-label-name | - {source_labels: ['a.b'], regex: '(x.*)', target_label: c}",
        "invalid-rule | - {source_labels: [a], action: hashmod, target_label: b}",
        "unknown-key | - {source_labels: [a], target_label: b, regexp: x}",
        "metric-rule-reads-target | - {source_labels: [__meta_kubernetes_pod_name], target_label: p}",
        "temporary-label-left | - {source_labels: [a], regex: 'x(.*)', target_label: __tmp_x}",
        "reserved-label | - {source_labels: [a], target_label: le}",
        "overwritten-target-label | - {source_labels: [a], target_label: pod}",
        "never-matches | - {source_labels: [__name__], regex: 'cluster\\.x\\..*', action: drop}",
        "collision | - {action: labeldrop, regex: pod}",
        "refused-series | - {source_labels: [a], regex: 'x.*', target_label: __name__, replacement: ''}",
        "camel-case-key | scrape_configs: [{job_name: j, metric_relabel_configs: [{sourceLabels: [a],"
            + " target_label: b}]}]",
        "misplaced-rules | {global: {metric_relabel_configs: [{source_labels: [a], target_label: b}]}}",
        "misspelled-list | scrape_configs: [{job_name: j, metric_relabelings: [{source_labels: [a],"
            + " target_label: b}]}]",
        "misspelled-list | scrape_configs: [{job_name: j, relabelconfigs: [{source_labels: [a],"
            + " target_label: b}]}]",
        "target-rule-reads-metric | scrape_configs: [{job_name: j, relabel_configs: [{source_labels:"
            + " [__name__], regex: x, action: keep}]}]",
      })
  void eachFaultIsFoundByItself(String id, String yaml) {
    List<Finding> findings = lint(new LintInput("rules.yml", yaml)).findings();

    assertThat(findings).extracting(Finding::id).containsExactly(id);
    assertThat(findings.get(0).example()).isNotEmpty();
    assertThat(findings.get(0).instead()).isNotEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "snake-case-key | endpoints: [{metricRelabelings: [{source_labels: [a], targetLabel: b}]}]",
        "misplaced-rules | metricRelabelings: [{sourceLabels: [a], targetLabel: b}]",
        "misspelled-list | endpoints: [{metric_relabel_configs: [{sourceLabels: [a], targetLabel: b}]}]",
      })
  void eachFaultOfAMonitorIsFoundByItself(String id, String spec) {
    String yaml =
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nspec: {" + spec + "}\n";

    assertThat(lint(new LintInput("m.yaml", yaml)).findings())
        .extracting(Finding::id)
        .containsExactly(id);
  }

  @Test
  void labelsAreTakenBeforeTheNameIsStripped() {
    LintReport report =
        lint(
            new LintInput(
                "r.yml",
                """
                - {source_labels: [__name__], regex: '(calls)__.*', target_label: __name__}
                - {source_labels: [__name__], regex: 'calls__user__(a|b)', target_label: user}
                """));

    assertThat(only(report, "strip-before-extract").rule()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- {source_labels: [__name__], regex: 'go_.*', action: drop}\n"
            + "- {source_labels: [__name__], regex: 'go_(gc|info)', action: drop}",
        "- {source_labels: [__name__], regex: 'envoy_.*', action: keep}\n"
            + "- {source_labels: [__name__], regex: 'istio_.*', action: drop}",
      })
  void aRuleWhoseSeriesAreGoneNeverMatches(String yaml) {
    assertThat(only(lint(new LintInput("r.yml", yaml)), "never-matches").rule()).isEqualTo(1);
  }

  @Test
  void aRuleBehindARenameMayMatchAgain() {
    String yaml =
        """
        - {source_labels: [__name__], regex: 'foo', action: drop}
        - {source_labels: [__name__], regex: 'bar', target_label: __name__, replacement: foo}
        - {source_labels: [__name__], regex: 'foo', target_label: kind, replacement: x}
        """;

    assertThat(lint(new LintInput("r.yml", yaml)).findings())
        .extracting(Finding::id)
        .doesNotContain("never-matches");
  }

  @Test
  void aFileWithoutRulesIsNotTakenForAGoodOne() {
    assertThat(lint(new LintInput("r.yml", "kind: Service\n")).foundRules()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- {source_labels: [__name__], regex: 'container_(cpu|memory)_.*', action: keep}\n"
            + "- {source_labels: [__name__], regex: '.*_seconds_total', action: drop}",
        "- {source_labels: [__name__], regex: 'go_.*|process_.*', action: drop}",
        "- {source_labels: [pod], regex: 'gateway-(.*)-[0-9a-z]+', target_label: version}",
        "- {source_labels: [__name__], regex: 'a_(total|sum)', target_label: kind}",
        "- {action: labelmap, regex: 'tag_(.+)'}",
        "- {source_labels: [a, b], separator: '/', regex: '(.+)/(.+)', target_label: c, replacement:"
            + " '${1}_$2'}",
      })
  void soundRulesAreLeftAlone(String yaml) {
    assertThat(lint(new LintInput("r.yml", yaml)).findings()).isEmpty();
  }

  @Test
  void theNamespaceLabelThatPrometheusEnforcesIsNotOursToSet() {
    LintInput prometheus =
        new LintInput("p.yaml", "kind: Prometheus\nspec: {enforcedNamespaceLabel: tenant}\n");
    LintInput rules = new LintInput("r.yml", "- {source_labels: [a], target_label: tenant}\n");

    assertThat(
            Lint.run(
                    List.of(prometheus, rules),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())
                .findings())
        .extracting(Finding::id)
        .containsExactly("enforced-namespace-label");
  }

  @Test
  void collisionsOfARealPageAreCounted() {
    LintReport report =
        Lint.run(
            List.of(new LintInput("r.yml", "- {action: labeldrop, regex: user}\n")),
            Optional.empty(),
            Optional.of(page("a{user=\"x\"} 1\na{user=\"y\"} 2\na{user=\"z\"} 3\nb 1\n")),
            Optional.empty());

    assertThat(only(report, "collision").reason()).contains("(2 found)");
    assertThat(report.notes())
        .anyMatch(note -> note.contains("4 series before the rules, 2 after"));
  }

  @Test
  void aPageWithoutCollisionsHasNone() {
    LintReport report =
        Lint.run(
            List.of(new LintInput("r.yml", "- {action: labeldrop, regex: pod}\n")),
            Optional.empty(),
            Optional.of(page("a{pod=\"x\"} 1\nb{pod=\"x\"} 2\n")),
            Optional.empty());

    assertThat(report.findings()).isEmpty();
  }

  @Test
  void rulesOfVmagentAreLookedAt() {
    LintReport report =
        lint(
            new LintInput(
                "r.yml",
                """
                - {action: replace_all, source_labels: [a], target_label: b, regex: x}
                - {action: drop, if: 'a{b=~"("}'}
                - {source_labels: [a], target_label: pod, if: '{a!=""}'}
                """));

    assertThat(report.findings())
        .extracting(Finding::id)
        .containsExactly("invalid-rule", "overwritten-target-label");
    assertThat(report.notes())
        .containsExactly(
            "r.yml: rules of vmagent, for which some checks are not made",
            "r.yml: the other rules were looked at as if there were no [1]");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9})
  void oneKeyInTheOtherSpellingIsTheFaultAndNotAllTheOthers(int others) {
    String yaml =
        "- {source_labels: [a], regex: 'x(.*)', target_label: b}\n".repeat(others)
            + "- {sourceLabels: [a], regex: 'y(.*)', target_label: c}\n";

    List<Finding> findings = lint(new LintInput("r.yml", yaml)).findings();

    assertThat(findings).extracting(Finding::id).containsExactly("camel-case-key");
    assertThat(findings.get(0).path()).isEqualTo("[" + others + "].sourceLabels");
  }

  @Test
  void aReferenceThatNobodyWroteIsSaidToBeTheDefault() {
    LintInput input = new LintInput("r.yml", "- {source_labels: [a], regex: x, target_label: b}");

    assertThat(only(lint(input), "group-reference").reason())
        .startsWith("the rule has no replacement, for which $1 is taken: it means a group");
  }

  @Test
  void aRefusedRuleDoesNotHideTheFaultsOfOthers() {
    LintReport report =
        lint(
            new LintInput(
                "r.yml",
                """
                - {source_labels: [__name__], regex: '(?!foo)bar', action: drop}
                - {source_labels: [__name__], regex: '(calls)__.*', target_label: __name__}
                - {source_labels: [__name__], regex: 'calls__user__(a|b)', target_label: user}
                - {source_labels: [user], regex: 'x(.*)', target_label: __tmp_x}
                - {action: labeldrop, regex: pod}
                """));

    assertThat(report.findings())
        .extracting(Finding::id)
        .contains(
            "regex-not-re2",
            "strip-before-extract",
            "collision",
            "metadata-lost",
            "temporary-label-left");
    assertThat(only(report, "strip-before-extract").rule()).isEqualTo(2);
    assertThat(report.notes())
        .containsExactly(
            "r.yml: the other rules were looked at as if there were no [0]; not made: never-matches"
                + " for the rules behind");
  }

  @Test
  void generatedRulesForVmagentAreFine() {
    String yaml = new VmagentTarget(PrometheusTarget.DEFAULT).yaml(RENAMED, Decoding.DEFAULT);

    assertThat(
            Lint.run(
                    List.of(new LintInput("r.yml", yaml)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(RENAMED))
                .findings())
        .isEmpty();
  }

  @Test
  void namesOfPrometheus3AreInvalidIfAskedForClassicOnes() {
    LintInput input = new LintInput("r.yml", "- {source_labels: [a], target_label: b-c}");

    assertThat(
            Lint.run(
                    List.of(input),
                    Optional.of(Dialect.PROMETHEUS_LEGACY),
                    Optional.empty(),
                    Optional.empty())
                .findings())
        .extracting(Finding::id)
        .containsExactly("invalid-rule");
  }

  @Test
  void anItemThatIsNoRuleIsSaidSo() {
    LintInput input =
        new LintInput(
            "r.yml", "metric_relabel_configs: [3, {source_labels: [a], target_label: b}]");

    assertThat(lint(input).findings()).extracting(Finding::id).containsExactly("invalid-rule");
  }

  @Test
  void brokenYamlIsRefusedWithItsLine() {
    assertThatThrownBy(() -> lint(new LintInput("r.yml", "a: [\n")))
        .isInstanceOf(YamlException.class)
        .hasMessageStartingWith("r.yml: line 2: ");
  }

  @Test
  void aPageOfAnySizeTakesABoundedMemory() {
    PageSeries page =
        PageSeries.read(
            Collections.<ExpositionLine>nCopies(
                    300_000, Sample.of(Labels.of("__name__", "a_metric", "label", "x"), "1"))
                .iterator());

    assertThat(page.complete()).isFalse();
    assertThat(page.series()).hasSize(200_000);
  }

  private static LintReport lint(LintInput input) {
    return Lint.run(List.of(input), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Finding only(LintReport report, String id) {
    List<Finding> found =
        report.findings().stream().filter(finding -> finding.id().equals(id)).toList();
    assertThat(found).isNotEmpty();
    return found.get(0);
  }

  private static PageSeries page(String text) {
    return PageSeries.read(ExpositionReader.read("page", text).iterator());
  }

  private static LintInput resource(String name) {
    try (InputStream in = LintTest.class.getResourceAsStream(name)) {
      return new LintInput(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
