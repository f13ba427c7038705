package dev.nametag.relabel.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelRulesReader;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What Prometheus keeps, drops and refuses was seen on Prometheus 2.42. */
class RelabelledPageTest {
  private static RelabelledPage page(String text, String rules) {
    return page(text, rules, Dialect.PROMETHEUS);
  }

  private static RelabelledPage page(String text, String rules, Dialect dialect) {
    RelabelRules read =
        rules.isEmpty()
            ? RelabelRules.of()
            : RelabelRulesReader.read("rules", rules, Optional.of(dialect));
    return RelabelledPage.of(ExpositionReader.read("page", text).iterator(), read);
  }

  @Test
  void samplesComeInTheOrderOfThePage() {
    RelabelledPage page = page("b 1\na 2\n", "[{action: labeldrop, regex: x}]");

    assertThat(page.samples()).extracting(Sample::name).containsExactly("b", "a");
  }

  @Test
  void droppedSamplesAreCounted() {
    RelabelledPage page =
        page("a 1\nb 2\nc 3\n", "[{source_labels: [__name__], regex: a|b, action: drop}]");

    assertThat(page.samples()).hasSize(1);
    assertThat(page.droppedCount()).isEqualTo(2);
    assertThat(page.readCount()).isEqualTo(3);
  }

  @Test
  void firstOfTwoEqualSeriesIsKeptAndTheOtherReported() {
    RelabelledPage page = page("x{a=\"1\"} 1\nx{a=\"2\"} 2\n", "[{action: labeldrop, regex: a}]");

    assertThat(page.samples()).containsExactly(Sample.of(Labels.of("__name__", "x"), "1"));
    assertThat(page.duplicates())
        .containsExactly(
            new RelabelledPage.Duplicate(
                Sample.of(Labels.of("__name__", "x"), "2"),
                Labels.of("__name__", "x", "a", "2"),
                Labels.of("__name__", "x", "a", "1")));
  }

  @Test
  void sameSeriesAtTwoTimesIsNoDuplicate() {
    assertThat(page("x 1 1000\nx 2 2000\n", "").duplicates()).isEmpty();
  }

  @Test
  void sampleThatLosesItsNameIsRefused() {
    RelabelledPage page = page("x 1\n", "[{target_label: __name__, replacement: ''}]");

    assertThat(page.samples()).isEmpty();
    assertThat(page.refused())
        .extracting(RelabelledPage.Refused::reason)
        .containsExactly("missing metric name (__name__ label)");
  }

  @Test
  void nameThatARuleMakesMustBeAClassicNameWherePrometheusTakesNoOther() {
    String text = "x{v=\"a-b\"} 1\n";
    String rules = "[{source_labels: [v], regex: (.+), target_label: __name__}]";

    assertThat(page(text, rules, Dialect.PROMETHEUS_LEGACY).refused())
        .extracting(RelabelledPage.Refused::reason)
        .containsExactly("invalid metric name: a-b");
    assertThat(ExpositionWriter.toText(page(text, rules).lines()))
        .isEqualTo("{\"a-b\",v=\"a-b\"} 1\n");
  }

  @Test
  void labelsOfAnyNameAreWrittenInQuotesAndReadBack() {
    String once =
        ExpositionWriter.toText(
            page(
                    "{\"my.metric\",\"my.label\"=\"x\"} 1\n",
                    "[{source_labels: [my.label], regex: (.+), target_label: 'é ${1}'}]")
                .lines());

    assertThat(once).isEqualTo("{\"my.metric\",\"my.label\"=\"x\",\"é x\"=\"x\"} 1\n");
    assertThat(ExpositionWriter.toText(page(once, "").lines())).isEqualTo(once);
  }

  @Test
  void labelmapToTheEmptyNameIsRefused() {
    RelabelledPage page = page("x{bx=\"1\"} 1\n", "[{action: labelmap, regex: bx(.*)}]");

    assertThat(page.refused())
        .extracting(RelabelledPage.Refused::reason)
        .containsExactly("a label without a name");
  }

  @Test
  void nameOutsideTheClassicSetOnThePageIsTaken() {
    assertThat(page("{\"a.b\"} 1\n", "").samples()).hasSize(1);
  }

  @Test
  void typeFollowsTheFamilyToItsNewName() {
    String raw =
        """
        # HELP calls__user__a Calls.
        # TYPE calls__user__a counter
        calls__user__a 1
        # TYPE other gauge
        other 5
        # TYPE calls__user__b counter
        calls__user__b 2
        """;
    String rules =
        """
        - {source_labels: [__name__], regex: calls__user__(.*), target_label: user}
        - {source_labels: [__name__], regex: (calls)__.*, target_label: __name__}
        """;

    assertThat(ExpositionWriter.toText(page(raw, rules).lines()))
        .isEqualTo(
            """
            # HELP calls Calls.
            # TYPE calls counter
            calls{user="a"} 1
            calls{user="b"} 2
            # TYPE other gauge
            other 5
            """);
  }

  @Test
  void histogramKeepsItsSuffixesAndType() {
    String raw =
        """
        # TYPE ms__user__a histogram
        ms__user__a_bucket{le="+Inf"} 1
        ms__user__a_sum 1
        ms__user__a_count 1
        """;
    String rules =
        """
        - source_labels: [__name__]
          regex: (ms)__user__[^_]*(_bucket|_sum|_count)
          replacement: $1$2
          target_label: __name__
        """;

    assertThat(ExpositionWriter.toText(page(raw, rules).lines()))
        .isEqualTo(
            """
            # TYPE ms histogram
            ms_bucket{le="+Inf"} 1
            ms_sum 1
            ms_count 1
            """);
  }

  @Test
  void familyInWhichTypesMeetHasNone() {
    RelabelledPage page =
        page(
            "# TYPE a counter\na 1\n# TYPE b gauge\nb{x=\"1\"} 2\n",
            "[{target_label: __name__, replacement: c}]");

    assertThat(page.typeConflicts()).containsExactly("c");
    assertThat(ExpositionWriter.toText(page.lines())).isEqualTo("c 1\nc{x=\"1\"} 2\n");
  }
}
