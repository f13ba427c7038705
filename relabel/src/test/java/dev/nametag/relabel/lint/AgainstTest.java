package dev.nametag.relabel.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.generate.UnsupportedSchemaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgainstTest {
  private static final Schema SCHEMA =
      Schema.parse(
          """
          {"labels": {"user": "auth.identity.userid"},
           "metrics": {"calls": {"count": "all", "labels": ["user"]},
                       "calls_total": {"count": "all"}}}
          """);

  @Test
  void whatTheFilterWritesIsFine() {
    Against against =
        against("calls__user__a_40b 1\ncalls__user___none 1\ncalls_total 2\nothers 3\n");

    assertThat(against.problems()).isEmpty();
    assertThat(against.notes()).isEmpty();
  }

  @Test
  void seriesOfHistogramsHaveASuffix() {
    Schema histograms =
        Schema.parse(
            """
            {"labels": {"user": "auth.identity.userid"},
             "metrics": {"ms": {"count": "all", "record": "request.duration", "labels": ["user"]},
                         "size": {"count": "all", "record": "request.size"}}}
            """);
    String page =
        """
        ms__user__a_bucket{le="+Inf"} 1
        ms__user__a_sum 1
        ms__user__count_count 1
        ms__user__count{quantile="0.5"} 1
        ms__user___sum 1
        size_bucket{le="+Inf"} 1
        """;

    Against against =
        Against.of(histograms, PageSeries.read(ExpositionReader.read("page", page).iterator()));

    assertThat(against.problems()).isEmpty();
    assertThat(against.notes()).isEmpty();
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
  void namesThatNoRulesReadAreRefused(String naming) {
    Schema schema = schemaOf(naming);
    PageSeries page = PageSeries.read(ExpositionReader.read("page", "a 1\n").iterator());

    assertThatThrownBy(() -> Against.of(schema, page))
        .isInstanceOf(UnsupportedSchemaException.class)
        .hasMessageStartingWith("naming: " + naming + ": ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "size{} 3 | size: has no suffix of a histogram; the configuration records this metric",
        "ms__user__a{} 3 | ms__user__a: has no suffix of a histogram; the configuration records",
        "total_bucket{le=\"1\"} 1 | has the suffix of a histogram; the configuration counts this",
      })
  void seriesOfTheOtherKindAreAProblem(String line, String reason) {
    Schema schema =
        Schema.parse(
            """
            {"labels": {"user": "auth.identity.userid"},
             "metrics": {"ms": {"count": "all", "record": "request.duration", "labels": ["user"]},
                         "size": {"count": "all", "record": "request.size"},
                         "total": {"count": "all"}}}
            """);
    PageSeries page = PageSeries.read(ExpositionReader.read("page", line + "\n").iterator());

    assertThat(Against.of(schema, page).problems()).hasSize(1);
    assertThat(Against.of(schema, page).problems().get(0)).contains(reason);
  }

  @Test
  void aPageWithNothingOfTheFilterIsTheWrongOne() {
    assertThat(against("up 1\n").problems())
        .containsExactly(
            "neither a metric of the configuration nor the filter's own nametag_config_rejected is"
                + " there: is it the page of a proxy with the filter?");
    assertThat(against("nametag_config_rejected 0\n").problems()).isEmpty();
  }

  @Test
  void aMetricThatIsNotThereIsANote() {
    assertThat(against("calls_total 2\n").notes()).containsExactly("calls: not on the page");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "calls | has no labels in its name",
        "calls__user__a_zz | is no name of the lossless profile",
        "calls__user__a_bucket | is no name of the lossless profile",
        "calls__group__a | has the labels [group]",
        "calls_total__user__a | the configuration gives this metric none",
      })
  void aNameThatTheConfigurationCannotHaveWrittenIsAProblem(String name, String reason) {
    assertThat(against(name + " 1\n").problems()).hasSize(1);
    assertThat(against(name + " 1\n").problems().get(0)).contains(reason);
  }

  @Test
  void seriesWithTheSameLabelsAreAProblem() {
    assertThat(against("calls__user__a{x=\"1\"} 1\ncalls__user__a{x=\"1\"} 2\n").problems())
        .hasSize(1);
  }

  @Test
  void aNameOfTheDemoThatItsRulesCannotTakeApartIsAProblem() {
    Schema schema = Schema.parse("{\"naming\": \"chargeback\"}");
    String name = "authorized_calls_with_user_and_group__user___a___group___premium__namespace__n";

    Against against =
        Against.of(
            schema, PageSeries.read(ExpositionReader.read("page", name + " 1\n").iterator()));

    assertThat(against.problems()).hasSize(1);
  }

  private static Against against(String page) {
    return Against.of(SCHEMA, PageSeries.read(ExpositionReader.read("page", page).iterator()));
  }
}
