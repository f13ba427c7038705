package dev.nametag.relabel.unittest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.relabel.engine.RelabelFileException;
import dev.nametag.relabel.yaml.YamlException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class RelabelTestFileTest {
  private static final String RULES =
      """
      rules:
        - sourceLabels: [__name__]
          regex: calls__user__(.*)
          targetLabel: user
        - {sourceLabels: [__name__], regex: (calls)__.*, targetLabel: __name__}
        - {action: drop, sourceLabels: [__name__], regex: other}
      """;

  @Test
  void whatComesOutAsExpectedPasses() {
    assertThat(
            run(
                """
                tests:
                  - name: users become labels
                    input: ['calls__user__b', 'calls__user__a{pod="x"}', other]
                    expect: ['calls{pod="x",user="a"}', 'calls{user="b"}']
                  - name: others go away
                    input: [other]
                    dropped: true
                """))
        .allMatch(RelabelTestResult::passed);
  }

  @Test
  void aDifferenceIsShownLabelByLabel() {
    List<RelabelTestResult> results =
        run(
            """
            tests:
              - name: wrong
                input: ['calls__user__a{pod="x"}', keep]
                expect: ['calls{user="b",zone="z"}', gone]
            """);

    assertThat(results.get(0).passed()).isFalse();
    assertThat(results.get(0).lines())
        .containsExactly(
            "different: calls{user=\"b\",zone=\"z\"}",
            "  from calls__user__a{pod=\"x\"}",
            "  - no label pod",
            "  + pod=\"x\"",
            "  - user=\"b\"",
            "  + user=\"a\"",
            "  - zone=\"z\"",
            "  + no label zone",
            "missing: gone",
            "unexpected: keep",
            "  from keep");
  }

  @Test
  void inputsThatBecomeOneSeriesAreSeen() {
    List<RelabelTestResult> results =
        run(
            """
            tests:
              - {name: merged, input: [calls__x, calls__y], expect: [calls]}
            """);

    assertThat(results.get(0).lines())
        .containsExactly(
            "unexpected: calls",
            "  from calls__y",
            "  another input became the same series; Prometheus keeps only the first");
  }

  @Test
  void rulesMayStandInAFileOfTheirOwn() {
    RelabelTestFile file =
        RelabelTestFile.read(
            "dir/t.yaml",
            "rules_file: r.yml\ntests: [{name: n, input: [a], dropped: true}]",
            Optional.empty(),
            (from, name) ->
                new RelabelTestFile.Named(
                    from + "/" + name, "- {action: drop, source_labels: [__name__], regex: a}"));

    assertThat(file.run()).allMatch(RelabelTestResult::passed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tests: [{name: n, input: [a], expect: [a], extra: 1}] | t.yaml: tests[0].extra: unknown key,"
            + " expected one of dropped, expect, input, name (line 7)",
        "tests: [{name: n, input: [a]}] | t.yaml: tests[0]: expected either expect or dropped: true"
            + " (line 7)",
        "tests: [{name: n, input: [a], expect: [], dropped: true}] | t.yaml: tests[0]: expected either"
            + " expect or dropped: true (line 7)",
        "tests: [{input: [a], expect: [a]}] | t.yaml: tests[0].name: is missing (line 7)",
        "tests: [{name: n, input: ['a{'], expect: [a]}] | t.yaml: tests[0].input[0]: expected a label"
            + " name, found \"1\" (line 7)",
        "tests: [] | t.yaml: tests: expected a list with at least one test (line 7)",
        "tests: 3 | t.yaml: tests: expected a list with at least one test (line 7)",
        "test: [] | t.yaml: test: unknown key, expected one of rules, rules_file, tests (line 7)",
      })
  void whatIsWrongIsSaidWithFileFieldAndLine(String tests, String message) {
    assertThatThrownBy(() -> run(tests))
        .isInstanceOf(RelabelTestException.class)
        .hasMessage(message);
  }

  @Test
  void aWrongRuleIsSaidWithItsField() {
    assertThatThrownBy(() -> read("rules: [{regex: '(', target_label: x}]\ntests: []"))
        .isInstanceOf(RelabelFileException.class)
        .hasMessageStartingWith("t.yaml: rules[0].regex: error parsing regexp");
  }

  @Test
  void brokenYamlIsRefusedWithItsLine() {
    assertThatThrownBy(() -> read("a: [\n"))
        .isInstanceOf(YamlException.class)
        .hasMessageStartingWith("t.yaml: line 2: ");
  }

  @Test
  void theXmlHoldsFailuresAndIsWellFormedWhateverTheNames() throws Exception {
    List<RelabelTestResult> results =
        run(
            """
            tests:
              - {name: "<&\\"\\u0001 fine", input: [a], expect: [a]}
              - {name: fails, input: [a], expect: [b]}
            """);
    JUnitReport report = new JUnitReport();
    report.add("t<1>.yaml", results);

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(report.xml().getBytes(StandardCharsets.UTF_8)));

    assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(2);
    assertThat(document.getElementsByTagName("failure").getLength()).isEqualTo(1);
    assertThat(document.getElementsByTagName("failure").item(0).getTextContent())
        .contains("missing: b", "unexpected: a");
  }

  private static List<RelabelTestResult> run(String tests) {
    return read(RULES + tests).run();
  }

  private static RelabelTestFile read(String text) {
    return RelabelTestFile.read(
        "t.yaml",
        text,
        Optional.empty(),
        (from, name) -> {
          throw new IllegalStateException("no other file is named: " + name);
        });
  }
}
