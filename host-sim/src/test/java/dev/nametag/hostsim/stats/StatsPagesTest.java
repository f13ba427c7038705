package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Expected pages: Envoy test/server/admin/stats_handler_test.cc and prometheus_stats_test.cc, the
 * tests that are named.
 */
class StatsPagesTest {

  private static final String TO_THE_END =
      "B1000(%1$s) B2500(%1$s) B5000(%1$s) B10000(%1$s) B30000(%1$s) B60000(%1$s) B300000(%1$s)"
          + " B600000(%1$s) B1.8e+06(%1$s) B3.6e+06(%1$s)\n";

  private final Stats stats = new Stats(StatsSettings.ENVOY.flushedByInterval());

  /** HandlerStatsPlainText. */
  @Test
  void theTextPageHasTextsThenNumbersThenHistograms() {
    stats.defineCounter(name("c1")).add(10);
    stats.defineCounter(name("c2")).add(20);
    stats.defineTextReadout(name("t")).set("hello world");
    stats.defineHistogram(name("h1")).record(200);
    stats.defineHistogram(name("h2")).record(100);
    stats.flush();

    assertThat(text(Map.of()))
        .isEqualTo(
            "t: \"hello world\"\nc1: 10\nc2: 20\n"
                + "h1: P0(200,200) P25(202.5,202.5) P50(205,205) P75(207.5,207.5) P90(209,209)"
                + " P95(209.5,209.5) P99(209.9,209.9) P99.5(209.95,209.95) P99.9(209.99,209.99)"
                + " P100(210,210)\n"
                + "h2: P0(100,100) P25(102.5,102.5) P50(105,105) P75(107.5,107.5) P90(109,109)"
                + " P95(109.5,109.5) P99(109.9,109.9) P99.5(109.95,109.95) P99.9(109.99,109.99)"
                + " P100(110,110)\n");
  }

  /** HandlerStatsPlainTextHistogramBucketsCumulative. */
  @Test
  void bucketsAreCumulative() {
    stats.defineHistogram(name("h1")).record(300);
    stats.flush();

    assertThat(text(Map.of("histogram_buckets", "cumulative")))
        .isEqualTo(
            "h1: B0.5(0,0) B1(0,0) B5(0,0) B10(0,0) B25(0,0) B50(0,0) B100(0,0) B250(0,0)"
                + " B500(1,1) "
                + String.format(TO_THE_END, "1,1"));
  }

  /** HandlerStatsPlainTextHistogramBucketsDisjoint. */
  @Test
  void bucketsAreDisjoint() {
    Histogram h1 = stats.defineHistogram(name("h1"));
    stats.defineHistogram(name("h2"));
    h1.record(200);
    h1.record(300);
    stats.flush();
    h1.record(300);
    stats.flush();
    String first =
        "h1: B0.5(0,0) B1(0,0) B5(0,0) B10(0,0) B25(0,0) B50(0,0) B100(0,0) B250(0,1) B500(1,2) "
            + String.format(TO_THE_END, "0,0");

    assertThat(text(Map.of("histogram_buckets", "disjoint")))
        .isEqualTo(first + "h2: No recorded values\n");
    assertThat(text(Map.of("histogram_buckets", "disjoint", "usedonly", ""))).isEqualTo(first);
  }

  /** HandlerStatsJson and StatsAsJson: the order of the keys is that of stats_render.cc. */
  @Test
  void theJsonPageHasQuantiles() {
    stats.defineCounter(name("c1")).add(10);
    stats.defineTextReadout(name("t")).set("hello world");
    Histogram h1 = stats.defineHistogram(name("h1"));
    h1.record(200);
    stats.defineHistogram(name("h2")).record(100);
    stats.flush();
    h1.record(100);
    stats.flush();

    assertThat(json(Map.of()))
        .isEqualTo(
            "{\"stats\":[{\"name\":\"t\",\"value\":\"hello world\"},{\"name\":\"c1\",\"value\":10},"
                + "{\"histograms\":{\"supported_quantiles\":[0,25,50,75,90,95,99,99.5,99.9,100],"
                + "\"computed_quantiles\":[{\"name\":\"h1\",\"values\":["
                + quantiles("100 105 110 205 208 209 209.8 209.9 209.98 210", true)
                + "]},{\"name\":\"h2\",\"values\":["
                + quantiles("100 102.5 105 107.5 109 109.5 109.9 109.95 109.99 110", false)
                + "]}]}}]}");
  }

  private static String quantiles(String cumulative, boolean hasInterval) {
    List<String> all = List.of(cumulative.split(" ", -1));
    List<String> interval =
        List.of("100 102.5 105 107.5 109 109.5 109.9 109.95 109.99 110".split(" ", -1));
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < all.size(); i++) {
      out.append(i == 0 ? "" : ",")
          .append("{\"cumulative\":")
          .append(all.get(i))
          .append(",\"interval\":")
          .append(hasInterval ? interval.get(i) : "null")
          .append('}');
    }
    return out.toString();
  }

  /** HandlerStatsJsonNoHistograms. */
  @Test
  void theJsonPageLeavesOutHistogramsThatAreNotThere() {
    stats.defineCounter(name("c1")).add(10);
    stats.defineHistogram(name("h1"));
    stats.flush();

    assertThat(json(Map.of("usedonly", "")))
        .isEqualTo("{\"stats\":[{\"name\":\"c1\",\"value\":10}]}");
  }

  @Test
  void samplesShowOnlyAfterAFlushAndCountersAtOnce() {
    stats.defineHistogram(custom("h")).record(7);
    stats.defineCounter(custom("c")).add(1);

    assertThat(prometheus()).contains("c{} 1\n").contains("h_count{} 0\n");
    stats.flush();
    assertThat(prometheus()).contains("h_count{} 1\n");
  }

  /** SummaryWithNoValuesAndNoTags. */
  @Test
  void aSummaryWithoutValuesIsNotANumber() {
    stats.defineHistogram(name("histogram1"));

    assertThat(prometheus(Map.of("histogram_buckets", "summary")))
        .isEqualTo(
            """
            # TYPE envoy_histogram1 summary
            envoy_histogram1{quantile="0"} nan
            envoy_histogram1{quantile="0.25"} nan
            envoy_histogram1{quantile="0.5"} nan
            envoy_histogram1{quantile="0.75"} nan
            envoy_histogram1{quantile="0.9"} nan
            envoy_histogram1{quantile="0.95"} nan
            envoy_histogram1{quantile="0.99"} nan
            envoy_histogram1{quantile="0.995"} nan
            envoy_histogram1{quantile="0.999"} nan
            envoy_histogram1{quantile="1"} nan
            envoy_histogram1_sum{} 0
            envoy_histogram1_count{} 0
            """);
  }

  /** HistogramWithNoValuesAndNoTags. */
  @Test
  void aHistogramWithoutValuesHasAllBuckets() {
    stats.defineHistogram(name("histogram1"));
    StringBuilder expected = new StringBuilder("# TYPE envoy_histogram1 histogram\n");
    for (String bound :
        ("0.5 1 5 10 25 50 100 250 500 1000 2500 5000 10000 30000 60000 300000 600000 1800000"
                + " 3600000 +Inf")
            .split(" ", -1)) {
      expected.append("envoy_histogram1_bucket{le=\"").append(bound).append("\"} 0\n");
    }

    assertThat(prometheus())
        .isEqualTo(expected + "envoy_histogram1_sum{} 0\nenvoy_histogram1_count{} 0\n");
  }

  /** TextReadouts as gauges, of OutputWithTextReadoutsInGaugeFormat. */
  @Test
  void textReadoutsAreGaugesOfZeroWithTheTextForALabel() {
    stats.defineTextReadout(name("control_plane.identifier")).set("CP-1");

    assertThat(prometheus()).isEmpty();
    assertThat(prometheus(Map.of("text_readouts", "")))
        .isEqualTo(
            """
            # TYPE envoy_control_plane_identifier gauge
            envoy_control_plane_identifier{text_value="CP-1"} 0
            """);
  }

  /** The names of OutputWithAllMetricTypes: one namespace is registered, a digit hides a group. */
  @Test
  void aRegisteredNamespaceIsDroppedAndADigitHidesTheRest() {
    Stats promtest = new Stats(StatsSettings.ENVOY.withNamespaces("promtest"));
    promtest.defineCounter(name("promtest.myapp.test.foo"));
    promtest.defineGauge(name("promtest.MYAPP.test.bar"));
    promtest.defineGauge(name("promtest.1234abcd.test.bar"));
    promtest.defineCounter(custom("x"));

    assertThat(new String(promtest.prometheusPage(), UTF_8))
        .isEqualTo(
            """
            # TYPE myapp_test_foo counter
            myapp_test_foo{} 0
            # TYPE envoy_wasmcustom_x counter
            envoy_wasmcustom_x{} 0
            # TYPE MYAPP_test_bar gauge
            MYAPP_test_bar{} 0
            """);
  }

  @ParameterizedTest
  @CsvSource({"disjoint", "detailed"})
  void somePicturesOfHistogramsAreNotForPrometheus(String mode) {
    assertThatThrownBy(() -> prometheus(Map.of("histogram_buckets", mode)))
        .hasMessage("unsupported prometheus histogram bucket mode");
  }

  /** HandlerStatsInvalidFormat, HandlerStatsPlainTextHistogramBucketsInvalid. */
  @Test
  void parametersThatEnvoyDoesNotKnowAreRefusedInItsWords() {
    assertThatThrownBy(() -> text(Map.of("format", "blergh")))
        .hasMessage("usage: /stats?format=(html|json|prometheus|text)\n\n");
    assertThatThrownBy(() -> text(Map.of("histogram_buckets", "invalid_input")))
        .hasMessage("usage: /stats?histogram_buckets=(cumulative|disjoint|none)\n");
    assertThatThrownBy(() -> text(Map.of("type", "x"))).hasMessage("invalid &type= param");
  }

  /** What a module sees of it: Envoy source/common/stats/stats_matcher_impl.cc. */
  @Test
  void whatTheMatcherRefusesIsSwallowed() {
    Stats some =
        new Stats(
            StatsSettings.ENVOY.with(
                StatsMatcher.including(StatsMatcher.Match.prefix("wasmcustom.a"))));
    some.defineCounter(custom("a")).add(1);
    Counter refused = some.defineCounter(custom("b"));
    refused.add(1);
    some.defineGauge(custom("b")).set(1);
    some.defineHistogram(custom("b")).record(1);

    assertThat(refused.value()).isZero();
    assertThat(new String(some.prometheusPage(), UTF_8)).isEqualTo("# TYPE a counter\na{} 1\n");
  }

  @ParameterizedTest
  @CsvSource({
    "EXACT, wasmcustom.a.b, true",
    "EXACT, a.b, false",
    "PREFIX, wasmcustom., true",
    "SUFFIX, .b, true",
    "CONTAINS, m.a, true",
    "REGEX, '.*a.b', true",
    "REGEX, a.b, false",
  })
  void aMatcherSeesTheFullName(StatsMatcher.Match.Kind kind, String value, boolean matches) {
    assertThat(new StatsMatcher.Match(kind, value).matches(custom("a.b"))).isEqualTo(matches);
  }

  /** Envoy api/envoy/type/matcher/v3/string.proto, StringMatcher.ignore_case. */
  @ParameterizedTest
  @CsvSource({
    "EXACT, WASMCUSTOM.a.b, true",
    "PREFIX, WASM, true",
    "SUFFIX, A.B, true",
    "CONTAINS, M.A, true",
    "REGEX, '.*A.B', false",
  })
  void aMatcherCanIgnoreCase(StatsMatcher.Match.Kind kind, String value, boolean matches) {
    assertThat(new StatsMatcher.Match(kind, value, true).matches(custom("a.b"))).isEqualTo(matches);
    assertThat(new StatsMatcher.Match(kind, value).matches(custom("a.b"))).isFalse();
  }

  @Test
  void aMatcherThatIsNoRegexIsRefused() {
    assertThatThrownBy(() -> StatsMatcher.Match.regex("("))
        .hasMessage("Invalid re2 regex: missing closing ): (");
  }

  @Test
  void rejectAllKeepsNothing() {
    assertThat(StatsMatcher.NONE.keeps(custom("anything"))).isFalse();
  }

  @Test
  void istioKeepsTheStatsOfModules() {
    assertThat(StatsMatcher.ISTIO.keeps(custom("anything"))).isTrue();
    assertThat(StatsMatcher.ISTIO.keeps(name("http.x"))).isFalse();
  }

  @Test
  void theFirstSettingThatMatchesTheFullNameSaysTheBuckets() {
    Stats some =
        new Stats(
            StatsSettings.of(TagSet.istio(List.of("user")))
                .with(
                    new HistogramBuckets(StatsMatcher.Match.prefix("wasmcustom.user="), List.of()),
                    new HistogramBuckets(
                        StatsMatcher.Match.prefix("wasmcustom."), List.of(20.0, 3.0))));
    some.defineHistogram(custom("user=.=a;.;h")).record(4);

    assertThat(new String(some.prometheusPage(), UTF_8))
        .startsWith(
            """
            # TYPE h histogram
            h_bucket{user="a",le="3"} 0
            h_bucket{user="a",le="20"} 1
            h_bucket{user="a",le="+Inf"} 1
            """);
  }

  /** Envoy source/common/stats/tag_producer_impl.cc: fixed values are extractors like others. */
  @Test
  void aFixedTagIsOnEveryStatInTheOrderOfTheConfiguration() {
    StatsSettings settings =
        StatsSettings.of(
            TagSet.custom(
                List.of(
                    new TagSet.Specifier("later", "^wasmcustom\\.((a)\\.)"),
                    TagSet.Specifier.fixed("cluster", "blue"),
                    new TagSet.Specifier("last", "(b)")),
                false));

    assertThat(page(settings))
        .isEqualTo(
            """
            # TYPE envoy_wasmcustom counter
            envoy_wasmcustom{cluster="blue",last="b",later="a"} 0
            """);
    assertThatThrownBy(() -> new TagSet.Specifier("both", "(a)", Optional.of("b")))
        .hasMessage("both has both regex and fixed_value");
  }

  /** Derived from Envoy's history: blank lines until 1.23, names of tags by RE2 until 1.38. */
  @Test
  void releasesDiffer() {
    TagSet tags =
        TagSet.custom(List.of(new TagSet.Specifier("\u00e9", "^wasmcustom\\.((a)\\.)")), false);
    StatsSettings settings = StatsSettings.of(tags);

    assertThat(page(settings.in(EnvoyVersion.of(23))))
        .isEqualTo("# TYPE b counter\nb{_=\"a\"} 0\n\n");
    assertThat(page(settings.in(EnvoyVersion.of(38))))
        .isEqualTo("# TYPE b counter\nb{_=\"a\"} 0\n");
    assertThat(page(settings.in(EnvoyVersion.of(39))))
        .isEqualTo("# TYPE b counter\nb{__=\"a\"} 0\n");
  }

  private static String page(StatsSettings settings) {
    Stats stats = new Stats(settings);
    stats.defineCounter(custom("a.b"));
    return new String(stats.prometheusPage(), UTF_8);
  }

  private String text(Map<String, String> query) {
    return new String(stats.plainPage(StatsQuery.of(query)), UTF_8);
  }

  private String json(Map<String, String> query) {
    return new String(stats.jsonPage(StatsQuery.of(query)), UTF_8);
  }

  private String prometheus() {
    return prometheus(Map.of());
  }

  private String prometheus(Map<String, String> query) {
    return new String(stats.prometheusPage(StatsQuery.of(query)), UTF_8);
  }

  private static StatName name(String name) {
    return new StatName(ByteString.utf8(name));
  }

  private static StatName custom(String name) {
    return StatName.custom(ByteString.utf8(name));
  }
}
