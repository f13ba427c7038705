package dev.nametag.relabel.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.json.JsonReader;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelRulesReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final RelabelRules RULES =
      rules(
          """
          - {source_labels: [__name__], regex: 'calls__user__(?P<who>.+)__n__(.*)', target_label: user}
          - {source_labels: [other], regex: x, target_label: y}
          - {source_labels: [pod, user], regex: 'x;a', target_label: seen, replacement: "yes"}
          - {action: labeldrop, regex: po.}
          - {source_labels: [__name__], regex: '(calls)__.*', target_label: __name__}
          """);

  @Test
  void eachStepSaysWhatItSawCapturedAndChanged() {
    Explanation explanation =
        Explanation.of(RULES, SeriesText.parse("calls__user__a__n__7{pod=\"x\"}"));

    Explanation.Step take = explanation.steps().get(0);
    assertThat(take.source()).isEqualTo("calls__user__a__n__7");
    assertThat(take.groups())
        .containsExactly(new Explanation.Captured("who", "a"), new Explanation.Captured("2", "7"));
    assertThat(take.changes()).containsExactly(new Explanation.Change("user", "", "a"));
    assertThat(explanation.steps().get(1).changed()).isFalse();
    assertThat(explanation.steps().get(1).matched()).isFalse();
    assertThat(explanation.steps().get(2).source()).isEqualTo("x;a");
    assertThat(explanation.steps().get(3).changes())
        .containsExactly(new Explanation.Change("pod", "x", ""));
    assertThat(explanation.result().map(SeriesText::of)).contains("calls{seen=\"yes\",user=\"a\"}");
  }

  @Test
  void aDroppedSeriesEndsTheSteps() {
    RelabelRules rules =
        rules(
            """
            - {source_labels: [__name__], regex: calls, action: drop}
            - {action: labeldrop, regex: x}
            """);

    Explanation explanation = Explanation.of(rules, SeriesText.parse("calls"));

    assertThat(explanation.steps()).hasSize(1);
    assertThat(explanation.steps().get(0).dropped()).isTrue();
    assertThat(explanation.result()).isEmpty();
  }

  @Test
  void theTextNamesRulesThatDidNothingInOneLine() {
    assertThat(report(ExplanationReport::text, "other_metric"))
        .isEqualTo("other_metric\n  rules 0 to 4: changed nothing\n  = other_metric\n");
  }

  @Test
  void theTextShowsEveryChange() {
    assertThat(report(ExplanationReport::text, "calls__user__a__n__7{pod=\"x\"}"))
        .isEqualTo(
            """
            calls__user__a__n__7{pod="x"}
              rule 0: replace: __name__ = "calls__user__a__n__7" matches calls__user__(?P<who>.+)__n__(.*)
                  $who = "a"
                  $2 = "7"
                  sets user = "a"
              rule 1: does not match, changed nothing
              rule 2: replace: pod;user = "x;a" matches x;a
                  sets seen = "yes"
              rule 3: labeldrop: some of the labels __name__,pod,seen,user match po.
                  deletes pod (was "x")
              rule 4: replace: __name__ = "calls__user__a__n__7" matches (calls)__.*
                  $1 = "calls"
                  sets __name__ = "calls" (was "calls__user__a__n__7")
              = calls{seen="yes",user="a"}
            """);
  }

  @Test
  void theJsonIsOneListOfSteps() {
    String json =
        report(out -> ExplanationReport.json(out, "spec.metricRelabelings"), "a", "b{pod=\"x\"}");

    List<?> steps = (List<?>) JsonReader.read(json);
    assertThat(steps).hasSize(10);
    Map<?, ?> drop = (Map<?, ?>) steps.get(8);
    assertThat(drop.get("series")).isEqualTo("b{pod=\"x\"}");
    assertThat(drop.get("path")).isEqualTo("spec.metricRelabelings[3]");
    assertThat(drop.get("matched")).isEqualTo(true);
    assertThat(drop.get("dropped")).isEqualTo(false);
  }

  @Test
  void noSeriesIsAnEmptyList() {
    assertThat(JsonReader.read(report(out -> ExplanationReport.json(out, ""))))
        .isEqualTo(List.of());
  }

  @Test
  void thePageLoadsNothingAndEscapesWhatItShows() {
    String html =
        report(
            out -> ExplanationReport.html(out, "<script>alert(1)</script>"),
            "calls__user__a__n__7{pod=\"<img src=x onerror=alert(1)>\"}");

    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains("&lt;img src=x onerror=alert(1)&gt;")
        .contains("&lt;script&gt;")
        .contains("Rules 1 to 2: changed nothing")
        .endsWith("</html>\n")
        .doesNotContain("<script", "<img", "<link", "http://", "https://", "@import", "url(");
  }

  private static String report(Function<PrintWriter, ExplanationReport> kind, String... series) {
    StringWriter text = new StringWriter();
    ExplanationReport report = kind.apply(new PrintWriter(text));
    for (String each : series) {
      report.add(Explanation.of(RULES, SeriesText.parse(each)));
    }
    report.end();
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private static RelabelRules rules(String yaml) {
    return RelabelRulesReader.read("rules.yml", yaml);
  }
}
