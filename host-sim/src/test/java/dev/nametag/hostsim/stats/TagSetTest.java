package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Expected text: Envoy source/common/stats/tag_extractor_impl.cc, tag_producer_impl.cc and
 * source/server/admin/prometheus_stats.cc. What modules' names become is derived from that code and
 * was not seen in a running Envoy.
 */
class TagSetTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "ENVOY | kuota.calls.alice         | kuota_calls_alice{} 1",
        "ISTIO | kuota.calls.alice         | kuota_calls_alice{} 1",
        "EG    | kuota.calls.alice         | kuota_calls_alice{} 1",
        "ENVOY | .x                        | _x{} 1",
        "ENVOY | x..                       | x{} 1",
        "ENVOY | a:b c/é                   | a_b_c__{} 1",
        "NONE  | auth_rq_429               | auth_rq_429{} 1",
        "ENVOY | auth_rq_429               | auth_rq{envoy_response_code=\"429\"} 1",
        "EG    | auth_rq_429               | auth_rq{envoy_response_code=\"429\"} 1",
        "ISTIO | auth_rq_429               | auth_rq{response_code=\"429\"} 1",
        "ENVOY | auth_rq_4xx               | auth_rq_xx{envoy_response_code_class=\"4\"} 1",
        "ISTIO | auth_rq_4xx               | auth_rq{response_code_class=\"4xx\"} 1",
        "ENVOY | auth_rq_4290              | auth_rq_4290{} 1",
        "ENVOY | rbac.x                    | envoy_rbac_x{envoy_rbac_prefix=\"wasmcustom\"} 1",
        "ENVOY | rbac                      | rbac{} 1",
        "ENVOY | http_local_rate_limit.x   "
            + "| envoy_http_local_rate_limit_x{envoy_local_http_ratelimit_prefix=\"wasmcustom\"} 1",
        "EG    | x.zone.a.y                | x_zoney{from_zone=\"a.\"} 1",
        "EG    | x.zone.a.b.y              | x_zoney{from_zone=\"a.\",to_zone=\"b\"} 1",
        "EG    | circuit_breakers.high.cx  | circuit_breakers_cx{priority=\"high\"} 1",
        "ISTIO | user=.=a.b@c;.;calls      | user___a_b_c___calls{} 1",
        "ISTIO | cache.foo.bar             | bar{cache=\"foo\"} 1",
        "ISTIO | component.foo.bar         | bar{component=\"foo\"} 1",
        "ISTIO | tag.foo;.bar              | bar{tag=\"foo\"} 1",
        "ISTIO | wasm_filter.foo.bar       | bar{wasm_filter=\"foo\"} 1",
        "ISTIO | x.rbac.allowed            | x_rbac{authz_enforce_result=\"allowed\"} 1",
        "ISTIO | x.istio_dry_run_deny_y    | xy{authz_dry_run_action=\"deny\"} 1",
        "ISTIO | x.shadow_denied           | x{authz_dry_run_result=\"denied\"} 1",
        "USER  | user=.=a.b@c;.;calls      | calls{user=\"a.b@c\"} 1",
        "USER  | calls;.;user=.=a;.;       | calls___{user=\"a\"} 1",
        "USER  | user=.=;.;calls           | calls{user=\"\"} 1",
        "USER  | user=.=a;.;user=.=b;.;x   | user___b___x{user=\"a\"} 1",
        "GROUP | usergroup=.=x;.;calls     | usercalls{group=\"x\"} 1",
        "BOTH  | user=.=a;.;group=.=b;.;x  | x{group=\"b\",user=\"a\"} 1",
      })
  void aHostMakesThisOfAName(String host, String name, String series) {
    assertThat(page(set(host), name))
        .endsWith(series + "\n")
        .startsWith("# TYPE " + series.substring(0, series.indexOf('{')) + " counter\n");
  }

  @ParameterizedTest
  @CsvSource({"ENVOY", "ISTIO", "EG"})
  void aNameThatBeginsWithADigitIsLeftOut(String host) {
    assertThat(page(set(host), "9lives")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"ENVOY", "ISTIO", "EG"})
  void theEmptyNameIsNotStripped(String host) {
    assertThat(page(set(host), ""))
        .isEqualTo("# TYPE envoy_wasmcustom counter\nenvoy_wasmcustom{} 1\n");
  }

  /** The examples of Envoy's api/envoy/config/metrics/v3/stats.proto, TagSpecifier.regex. */
  @ParameterizedTest
  @CsvSource({
    "^cluster\\.((.+?)\\.), cluster.test_cluster.upstream_cx_total,"
        + " cluster.upstream_cx_total, test_cluster",
    "^listener\\.(\\d+?\\.), listener.80.downstream_cx_total, listener.downstream_cx_total, 80.",
  })
  void theFirstGroupIsTakenOutAndTheSecondIsTheValue(
      String regex, String name, String family, String value) {
    TaggedName tagged = custom(false, "t", regex).extract(name(name));

    assertThat(tagged)
        .isEqualTo(new TaggedName(name(family), List.of(new Tag("t", ByteString.utf8(value)))));
  }

  /** DifferentNamedScopeSameStat in Envoy test/server/admin/prometheus_stats_test.cc. */
  @Test
  void statsWithTheSameFamilyAreOneGroupInTheOrderOfTheirFullNames() {
    Stats stats = new Stats();
    stats.defineCounter(name("cluster.x.default.total_match_count"));
    stats.defineCounter(name("cluster.a.default.total_match_count"));

    assertThat(new String(stats.prometheusPage(), UTF_8))
        .isEqualTo(
            """
            # TYPE envoy_cluster_default_total_match_count counter
            envoy_cluster_default_total_match_count{envoy_cluster_name="a"} 0
            envoy_cluster_default_total_match_count{envoy_cluster_name="x"} 0
            """);
  }

  /** The order of OutputWithAllMetricTypes in Envoy test/server/admin/prometheus_stats_test.cc. */
  @Test
  void countersGaugesAndHistogramsHaveLabels() {
    Stats stats = new Stats(TagSet.istio(List.of("key1", "key2")));
    stats.defineHistogram(custom("key1=.=value1;.;key2=.=value2;.;rq_time")).record(20);
    stats.defineGauge(custom("key1=.=value1;.;rq_active"));
    stats.defineCounter(custom("key2=.=value2;.;rq"));

    assertThat(new String(stats.prometheusPage(), UTF_8))
        .startsWith(
            """
            # TYPE rq counter
            rq{key2="value2"} 0
            # TYPE rq_active gauge
            rq_active{key1="value1"} 0
            # TYPE rq_time histogram
            rq_time_bucket{key1="value1",key2="value2",le="0.5"} 0
            """)
        .contains("rq_time_bucket{key1=\"value1\",key2=\"value2\",le=\"25\"} 1\n")
        .contains("rq_time_bucket{key1=\"value1\",key2=\"value2\",le=\"+Inf\"} 1\n")
        .endsWith("_count{key1=\"value1\",key2=\"value2\"} 1\n");
  }

  @Test
  void seriesAreOrderedByTheirFullNamesAndNotByTheirLabels() {
    Stats stats = new Stats(TagSet.istio(List.of("user")));
    stats.defineCounter(custom("user=.=a-b;.;calls"));
    stats.defineCounter(custom("user=.=a.b;.;calls"));

    assertThat(new String(stats.prometheusPage(), UTF_8))
        .isEqualTo(
            """
            # TYPE calls counter
            calls{user="a.b"} 0
            calls{user="a-b"} 0
            """);
  }

  @Test
  void familiesThatDifferOnlyInWhatIsSanitisedStayApart() {
    assertThat(page(TagSet.istio(List.of("user")), "user=.=x;.;a.b", "user=.=x;.;a_b"))
        .isEqualTo(
            """
            # TYPE a_b counter
            a_b{user="x"} 1
            # TYPE a_b counter
            a_b{user="x"} 1
            """);
  }

  /** FormattedTags in Envoy test/server/admin/prometheus_stats_test.cc. */
  @Test
  void valuesAreEscapedAndTagNamesAreSanitised() {
    TagSet tags = custom(false, "a.tag-name", "^wasmcustom\\.(([^;]*);)");

    assertThat(page(tags, "val\"ue with\\ some\n issues;x"))
        .endsWith("x{a_tag_name=\"val\\\"ue with\\\\ some\\n issues\"} 1\n");
  }

  @Test
  void valuesThatAreNotUtf8StayAsTheyAre() {
    Stats stats = new Stats(TagSet.istio(List.of("user")));
    byte[] bytes = {'u', 's', 'e', 'r', '=', '.', '=', (byte) 0xff, ';', '.', ';', 'x'};
    stats.defineCounter(StatName.custom(ByteString.of(bytes)));

    assertThat(stats.prometheusPage()).contains((byte) 0xff);
  }

  @Test
  void everyExtractorSeesTheOriginalNameAndOverlapsAreTakenOutOnce() {
    TagSet tags = custom(false, "one", "(b(c))", "two", "(c(d))");

    assertThat(tags.extract(name("abcde")))
        .isEqualTo(
            new TaggedName(
                name("ae"),
                List.of(
                    new Tag("one", ByteString.utf8("c")), new Tag("two", ByteString.utf8("d")))));
  }

  @Test
  void extractorsForAFirstTokenComeLast() {
    TagSet tags = custom(false, "one", "^wasmcustom\\.((a)\\.)", "two", "((b)\\.)");

    assertThat(page(tags, "a.b.c")).endsWith("c{two=\"b\",one=\"a\"} 1\n");
  }

  @Test
  void anExtractorForAnotherFirstTokenIsNotTried() {
    assertThat(page(custom(false, "one", "^cluster\\.((a)\\.)"), "a.b")).endsWith("a_b{} 1\n");
  }

  @Test
  void ofTwoExtractorsWithOneTagNameTheFirstThatFindsSomethingCounts() {
    TagSet tags = custom(false, "t", "(x(x))", "t", "(a(b))", "t", "(c(d))");

    assertThat(page(tags, "abcd.e")).endsWith("cd_e{t=\"b\"} 1\n");
  }

  @Test
  void dotsThatRemovalLeavesAtTheEndAreDropped() {
    assertThat(custom(false, "t", "(b(c))").extract(name("a.bc")).family()).isEqualTo(name("a"));
  }

  @Test
  void anEmptySecondGroupIsAValueOnlyForConfiguredExtractors() {
    assertThat(page(custom(false, "t", "(a(x*))"), "ab")).endsWith("b{t=\"\"} 1\n");
    assertThat(RegexTagExtractor.builtIn("t", "(a(x*))").extract("ab", list(), bits())).isTrue();
    assertThat(RegexTagExtractor.builtIn("t", "((x*))b").extract("ab", list(), bits())).isFalse();
  }

  @Test
  void aRegexWithoutAGroupFindsNothing() {
    assertThat(page(custom(false, "t", "a"), "ab")).endsWith("ab{} 1\n");
  }

  @Test
  void defaultTagsComeBeforeConfiguredOnes() {
    assertThat(page(custom(true, "t", "^wasmcustom\\.((a)\\.)"), "a.b_rq_200"))
        .endsWith("b_rq{envoy_response_code=\"200\",t=\"a\"} 1\n");
  }

  @Test
  void theEndOfANameIsItsVeryEndAndADotIsNoEndOfLine() {
    assertThat(page(TagSet.ISTIO, "auth_rq_200\n")).endsWith("auth_rq_200_{} 1\n");
    assertThat(page(custom(false, "t", "(a(.)b)"), "xa\nb")).endsWith("xa_b{} 1\n");
    // U+0085 ends a line for Java alone; as a byte it is part of many letters.
    assertThat(page(custom(false, "t", "(y(.+)b)"), "xy\u00c5b")).endsWith("x{t=\"\u00c5\"} 1\n");
  }

  @ParameterizedTest
  @CsvSource({
    "$.rbac.**, a.rbac.b.c, a, rbac.b.c",
    "cluster.*.grpc.$.**, cluster.x.grpc.y.z, y, cluster.x.grpc.z",
    "a.**.b.c.$, a.x.b.b.c.d, d, a.x.b.b.c",
    "a.$, a.b, b, a",
  })
  void tokensAreFound(String pattern, String name, String value, String left) {
    TagSet none = TagSet.NONE;
    assertThat(none.extract(name(name)).tags()).isEmpty();

    List<Tag> tags = list();
    BitSet removed = bits();
    boolean found = new TokenTagExtractor("t", pattern).extract(name, tags, removed);

    assertThat(found).isTrue();
    assertThat(tags).containsExactly(new Tag("t", ByteString.utf8(value)));
    assertThat(name.length() - removed.cardinality()).isEqualTo(left.length());
  }

  @ParameterizedTest
  @CsvSource({"$.rbac.**, a.rbac", "cluster.*.grpc.$.**, cluster.x.grpc.y", "a.$, a", "a.$, a.b.c"})
  void tokensAreNotFound(String pattern, String name) {
    assertThat(new TokenTagExtractor("t", pattern).extract(name, list(), bits())).isFalse();
  }

  private static TagSet set(String host) {
    return switch (host) {
      case "NONE" -> TagSet.NONE;
      case "ISTIO" -> TagSet.ISTIO;
      case "EG" -> TagSet.ENVOY_GATEWAY;
      case "USER" -> TagSet.istio(List.of("user"));
      case "GROUP" -> TagSet.istio(List.of("group"));
      case "BOTH" -> TagSet.istio(List.of("group", "user"));
      default -> TagSet.ENVOY;
    };
  }

  private static TagSet custom(boolean useAllDefaultTags, String... tagNamesAndRegexes) {
    List<TagSet.Specifier> specifiers = new ArrayList<>();
    for (int i = 0; i < tagNamesAndRegexes.length; i += 2) {
      specifiers.add(new TagSet.Specifier(tagNamesAndRegexes[i], tagNamesAndRegexes[i + 1]));
    }
    return TagSet.custom(specifiers, useAllDefaultTags);
  }

  private static List<Tag> list() {
    return new ArrayList<>();
  }

  private static BitSet bits() {
    return new BitSet();
  }

  private static StatName name(String name) {
    return new StatName(ByteString.utf8(name));
  }

  private static StatName custom(String name) {
    return StatName.custom(ByteString.utf8(name));
  }

  private static String page(TagSet tags, String... names) {
    Stats stats = new Stats(tags);
    for (String name : names) {
      stats.defineCounter(custom(name)).add(1);
    }
    return new String(stats.prometheusPage(), UTF_8);
  }
}
