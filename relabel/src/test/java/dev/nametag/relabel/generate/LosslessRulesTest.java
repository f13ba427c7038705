package dev.nametag.relabel.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.LabelText;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What labels the rules make of names. The expected text is that of {@link LabelText}, which {@code
 * naming} tests by itself; the engine is compared with a real Prometheus elsewhere.
 */
class LosslessRulesTest {
  private static final Schema SCHEMA = RandomSeries.SCHEMA;

  private final RelabelRules rules = RuleGenerator.toRules(RuleGenerator.generate(SCHEMA));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "alice | alice",
        "alice_40example_2ecom | alice@example.com",
        "a_5f_5f_5fgroup_5f_5f_5fadmin | a___group___admin",
        "_2d_2e_40_2f_3a_20_2b_5f | -.@/: +_",
        "_22quoted_22 | ~_22quoted_22",
        "_5f22quoted_5f22 | _22quoted_22",
        "_5fother | _other",
        "_other | ~other",
        " | ~empty",
        "_2da_3b | ~_2da_3b",
        "a_h0123456789abcdef0123456789abcdef | ~a_h0123456789abcdef0123456789abcdef",
      })
  void aValueBecomesThisLabel(String encoded, String text) {
    String value = encoded == null ? "" : encoded;
    String name = "calls__user__" + value + "__group__" + value + "__namespace__" + value;

    assertThat(rules.apply(Labels.of("__name__", name)))
        .contains(Labels.of("__name__", "calls", "user", text, "group", text, "namespace", text));
  }

  @Test
  void anAbsentValueTakesAwayTheLabelOfTheScrapeTargetToo() {
    String name = "calls__user__a__group___none__namespace___none";

    assertThat(rules.apply(Labels.of("__name__", name, "namespace", "istio-system", "pod", "p")))
        .contains(Labels.of("__name__", "calls", "user", "a", "pod", "p"));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void everyLabelIsWholeOrMarkedAndNoTwoSetsShareTheirLabels(long seed) {
    Map<Labels, Labels> seen = new HashMap<>();
    for (RandomSeries each : RandomSeries.distinct(seed, 10_000)) {
      Labels actual = rules.apply(each.raw()).orElseThrow();

      assertThat(actual).as(each.raw().toString()).isEqualTo(each.expected());
      Labels other = seen.putIfAbsent(actual, each.raw());
      assertThat(other).as("%s has the same labels", each.raw()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "_bucket", "_sum", "_count"})
  void aHistogramKeepsItsSuffix(String suffix) {
    String name = "size_bytes__namespace__bucket__user___none" + suffix;

    assertThat(rules.apply(Labels.of("__name__", name, "le", "0.5")))
        .contains(Labels.of("__name__", "size_bytes" + suffix, "namespace", "bucket", "le", "0.5"));
  }

  @Test
  void aSuffixBehindAnEmptyValueIsNoValue() {
    String name = "size_bytes__namespace____user___bucket";

    assertThat(rules.apply(Labels.of("__name__", name)))
        .contains(
            Labels.of("__name__", "size_bytes_bucket", "namespace", "~empty", "user", "~empty"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "istio_requests_total",
        "calls_total",
        "calls",
        "callsx__user__a__group__b__namespace__c",
        "other__user__a__group__b__namespace__c",
        "envoy_cluster_upstream_rq_total",
      })
  void seriesThatAreNotOursStayAsTheyAre(String name) {
    Labels foreign =
        Labels.of("__name__", name, "user", "~other", "group", "~_22x_22", "namespace", "~");

    assertThat(rules.apply(foreign)).contains(foreign);
  }

  @ParameterizedTest
  @ValueSource(strings = {";admin_", ";_none_", ";_other_", ";_", ";<a<2d-.@/: +_>b", ";nametag~"})
  void seriesThatAreNotOursStayAsTheyAreWhateverTheirLabelsHold(String value) {
    Labels foreign = Labels.of("__name__", "up", "user", value, "group", value, "team", value);

    assertThat(rules.apply(foreign)).contains(foreign);
  }

  @Test
  void aPageCannotBringTheTemporaryLabelAlong() {
    assertThat(rules.apply(Labels.of("__name__", "up", "__tmp_nametag", "admin")))
        .contains(Labels.of("__name__", "up"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "calls__user__alice__group__g1",
        "calls__user__alice__group__g1__namespace__n__tier__t",
        "calls__user__alice__namespace__n__group__g",
        "calls__user__alice",
        "calls__user__",
        "calls__",
        "calls_by_team__user__a",
        "calls__user__a__group__b__namespace__c__bucket",
        "calls__user__a__group__b__namespace__c_bucket",
        "calls__user__a__group__b__namespace__c_sum",
        "calls__user__a__group__b__namespace___none_count",
        "calls__user__a_zz__group__b__namespace__c",
        "size_bytes__namespace__a_bucket__user__b_bucket",
      })
  void namesOfAnotherConfigurationStayRawSoThatNobodyIsMerged(String name) {
    assertThat(rules.apply(Labels.of("__name__", name))).contains(Labels.of("__name__", name));
  }

  @Test
  void runningTheRulesAgainChangesNothing() {
    Labels once =
        rules
            .apply(Labels.of("__name__", "calls__user___other__group___c3__namespace__"))
            .orElseThrow();

    assertThat(rules.apply(once)).contains(once);
  }

  /** Thirteen a label and three; the demo's has one a label and one for the name, each metric. */
  @ParameterizedTest
  @CsvSource({"1, 42, 13, 24, 4", "10, 42, 13, 24, 40", "50, 42, 13, 24, 200"})
  void theNumberOfRulesGrowsWithLabelSetsAndNotWithMetrics(
      int metrics, int full, int none, int vmagent, int demo) {
    Decoding marking = new Decoding(Decoding.Mode.NONE, LabelText.DEFAULT);

    assertThat(RuleGenerator.generate(counting(metrics, "lossless"))).hasSize(full);
    assertThat(RuleGenerator.generate(counting(metrics, "lossless"), marking)).hasSize(none);
    assertThat(VmagentRules.of(counting(metrics, "lossless"), Decoding.DEFAULT)).hasSize(vmagent);
    assertThat(RuleGenerator.generate(counting(metrics, "chargeback"))).hasSize(demo);
  }

  private static Schema counting(int metrics, String naming) {
    List<String> each = new ArrayList<>();
    for (int i = 0; i < metrics; i++) {
      each.add(
          "\"m%d\": {\"count\": \"all\", \"labels\": [\"user\", \"group\", \"namespace\"]}"
              .formatted(i));
    }
    return Schema.parse(
        "{\"naming\": \"%s\", \"metrics\": {%s}}".formatted(naming, String.join(",", each)));
  }
}
