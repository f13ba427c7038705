package dev.nametag.relabel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Expected values come from Prometheus 2.42: each template was the replacement of a rule with the
 * regex {@code (?P<n>x)(y)} on a series that it scraped.
 */
class TemplateTest {
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "$1x,''",
        "${1}x,xx",
        "$$1,$1",
        "$,$",
        "${n},x",
        "$n,x",
        "${,${",
        "${},${}",
        "${1,${1",
        "$01,''",
        "$3,''",
        "a$-b,a$-b",
        "${n}$2,xy",
        "$1é,''",
        "${1 },${1 }",
        "$100000000,''",
        "$0,xy",
        "$1$2,xy",
        "$n_,''",
        "'',''",
      })
  void templateExpandsAsInGo(String template, String expected) {
    RelabelRule rule = RelabelRule.replace(List.of("a"), "(?P<n>x)(y)", "t", template);

    assertThat(RelabelRules.of(rule).apply(Labels.of("a", "xy")).get().get("t"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"(x)?(y)?z,z,$1$2-,-", "(x)|(y),y,$1$2-,y-", "(?<n>x|y)*,xyx,$n,x"})
  void groupWithoutPartInTheMatchIsEmpty(
      String regex, String value, String template, String expected) {
    RelabelRule rule = RelabelRule.replace(List.of("a"), regex, "t", template);

    assertThat(RelabelRules.of(rule).apply(Labels.of("a", value)).get().get("t"))
        .isEqualTo(expected);
  }
}
