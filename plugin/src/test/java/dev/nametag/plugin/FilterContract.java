package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.fixtures.Corpora;
import dev.nametag.fixtures.IdentityValue;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamEnding.Position;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the filter does, on whatever it runs. Names follow from the grammar in docs/names.md,
 * outcomes from the evidence that Envoy's filters leave.
 */
abstract class FilterContract {
  static final String AUTHORIZED = "authorized_calls_with_user_and_group";

  private static final String LABELS =
      "\"labels\": {\"user\": \"auth.identity.userid\", \"group\": \"auth.identity.groups[0]\","
          + " \"namespace\": {\"value\": \"llm-d\"}}";

  private static final String LOSSLESS = "{" + LABELS + "}";
  private static final String CHARGEBACK = "{\"naming\": \"chargeback\", " + LABELS + "}";

  private static final String BY_OUTCOME =
      """
      {"metrics": {"authorized": {"count": "authorized"}, "limited": {"count": "limited"},
                   "denied": {"count": "denied"}, "error": {"count": "error"},
                   "aborted": {"count": "aborted"}, "every": {"count": "all"}}}
      """;

  private static final String TOKENS =
      """
      {"labels": {"user": "auth.identity.userid"},
       "metrics": {"calls": {"count": "all"},
                   "tokens": {"count": "all", "add": "response.headers[\\"x-tokens\\"]",
                              "labels": ["user"]},
                   "size": {"count": "all", "record": "response.headers[\\"x-tokens\\"]",
                            "labels": ["user"]}}}
      """;

  /** What came of a configuration and some streams. */
  record Counted(boolean accepted, Map<String, Long> metrics, List<String> log) {
    /** Returns the metrics that were counted, without the totals and the filter's own. */
    Map<String, Long> series() {
      Map<String, Long> series = new TreeMap<>(metrics);
      series.keySet().removeIf(name -> name.endsWith("_total") || name.startsWith("nametag_"));
      return series;
    }
  }

  /** The filter's own metrics, and what they say before anything has happened. */
  static final Map<String, Long> SELF =
      Map.of(
          "nametag_build_info__version__" + Build.nameOfVersion(),
          1L,
          "nametag_config_rejected",
          0L,
          "nametag_errors_total",
          0L,
          "nametag_identity_missing_total",
          0L,
          "nametag_series",
          0L,
          "nametag_series_over_budget_total",
          0L);

  /** Configures the filter and runs the streams. */
  abstract Counted run(
      String configuration,
      Map<String, String> environment,
      Map<String, Object> nodeMetadata,
      List<StreamScenario> streams);

  private Counted run(String configuration, StreamScenario... streams) {
    return run(configuration, Map.of(), Map.of(), List.of(streams));
  }

  @Test
  void eachRequestIsCountedInTheTotalAndUnderItsIdentity() {
    Counted counted =
        run(
            LOSSLESS,
            extAuthz("alice@example.com", List.of("premium")),
            extAuthz("alice@example.com", List.of("premium")),
            extAuthz("bob", List.of("free")),
            with(extAuthz("bob", List.of("free")), StreamEnding.rateLimited(Position.AFTER_OURS)));

    assertThat(counted.metrics())
        .containsEntry("authorized_calls_total", 3L)
        .containsEntry("limited_calls_total", 1L);
    assertThat(counted.series())
        .isEqualTo(
            Map.of(
                AUTHORIZED + "__user__alice_40example_2ecom__group__premium__namespace__llm_2dd",
                    2L,
                AUTHORIZED + "__user__bob__group__free__namespace__llm_2dd", 1L,
                "limited_calls_with_user_and_group"
                        + "__user__bob__group__free__namespace__llm_2dd",
                    1L));
  }

  @Test
  void chargebackWritesTheNamesOfTheDemo() {
    Counted counted = run(CHARGEBACK, extAuthz("premiumuser1", List.of("premium")));

    assertThat(counted.series())
        .isEqualTo(
            Map.of(AUTHORIZED + "__user___premiumuser1___group___premium___namespace__llm_d", 1L));
  }

  @Test
  void totalsAreThereAtZeroBeforeTheFirstRequest() {
    Map<String, Long> expected = new TreeMap<>(SELF);
    expected.putAll(Map.of("authorized_calls_total", 0L, "limited_calls_total", 0L));

    assertThat(run(LOSSLESS).metrics()).isEqualTo(expected);
  }

  @Test
  void anEmptyConfigurationTakesTheNamespaceFromTheProxy() {
    Counted counted =
        run("", Map.of(), Map.of("NAMESPACE", "llm-d"), List.of(extAuthz("a", List.of("g"))));

    assertThat(counted.series())
        .isEqualTo(Map.of(AUTHORIZED + "__user__a__group__g__namespace__llm_2dd", 1L));
  }

  @Test
  void elevenUsersAreElevenSeries() {
    Counted counted = run(LOSSLESS, elevenUsers());

    assertThat(counted.series()).hasSize(11).allSatisfy((name, count) -> assertThat(count).isOne());
  }

  @Test
  void chargebackLosesSomeOfElevenUsers() {
    Counted counted = run(CHARGEBACK, elevenUsers());

    // a-b, a.b, a@b and a b share a name; the absent user has none. "quoted" and _22quoted_22
    // differ by luck only.
    assertThat(counted.series()).hasSize(7);
    assertThat(counted.metrics()).containsEntry("authorized_calls_total", 11L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"alice\" | [\"premium\",\"free\"] | alice | premium",
        "\"alice\" | \"premium,free\" | alice | premium",
        "\"alice\" | \"premium\" | alice | premium",
        "alice | premium,free | alice | premium",
        "\"\" | \"\" | |",
        "\"a\\\"b\\u00e9\" | [\"g\"] | a_22b_c3_a9 | g",
        "3.0 | [1, 2] | 3 | 1",
        "null | [] | _none | _none",
        "\"premium , free\" | \" a , b \" | premium_20_2c_20free | a",
        "\"unclosed | [\"unclosed | _22unclosed | _5b_22unclosed",
        "12 | true | 12 | true",
        "{\"a\": 1} | {\"a\": 1} | _none | _none",
        "[\"a\"] | [[\"a\"]] | _none | _none",
        "\"x\\udc01\" | [\"x\\ud800\"] | _none | _none",
      })
  void jsonTextInFilterStateIsUnquotedAndItsFirstGroupTaken(
      String userid, String groups, String user, String group) {
    Counted counted = run(LOSSLESS, kuadrant(userid, groups));

    assertThat(counted.series())
        .containsOnlyKeys(
            AUTHORIZED
                + "__user__"
                + (user == null ? "" : user)
                + "__group__"
                + (group == null ? "" : group)
                + "__namespace__llm_2dd");
  }

  @Test
  void groupsInMetadataAreAListOrATextWithCommas() {
    Counted counted =
        run(
            LOSSLESS,
            extAuthz("a", List.of("premium", "free")),
            extAuthz("a", "premium, free"),
            extAuthz("a", "premium"));

    assertThat(counted.series())
        .isEqualTo(Map.of(AUTHORIZED + "__user__a__group__premium__namespace__llm_2dd", 3L));
  }

  @Test
  void anEmptyListOfGroupsIsNoGroup() {
    assertThat(run(LOSSLESS, extAuthz("a", List.of())).series())
        .containsOnlyKeys(AUTHORIZED + "__user__a__group___none__namespace__llm_2dd");
  }

  @Test
  void nothingOfOneStreamIsCountedForTheNext() {
    List<Object> withNull = new ArrayList<>();
    withNull.add(null);

    Counted counted =
        run(
            LOSSLESS,
            extAuthz("alice", List.of("gold")),
            extAuthz("bob", withNull),
            metadata(Map.of()),
            extAuthz("carol", List.of("free")));

    assertThat(counted.series())
        .containsOnlyKeys(
            AUTHORIZED + "__user__alice__group__gold__namespace__llm_2dd",
            AUTHORIZED + "__user__bob__group___none__namespace__llm_2dd",
            AUTHORIZED + "__user___none__group___none__namespace__llm_2dd",
            AUTHORIZED + "__user__carol__group__free__namespace__llm_2dd");
    assertThat(counted.metrics()).containsEntry("authorized_calls_total", 4L);
  }

  @Test
  void bytesThatAreNotTextStayDifferentInJsonToo() {
    byte[] one = {'"', (byte) 0xff, '\\', 'n', '"'};
    byte[] other = {'"', (byte) 0xfe, '\\', 'n', '"'};

    Counted counted = run(LOSSLESS, kuadrant(one), kuadrant(other));

    assertThat(counted.series())
        .containsOnlyKeys(
            AUTHORIZED + "__user___22_ff_5cn_22__group___none__namespace__llm_2dd",
            AUTHORIZED + "__user___22_fe_5cn_22__group___none__namespace__llm_2dd");
  }

  @Test
  void chargebackLeavesOutUnknownUsersAndGroupsAsTheDemoDoes() {
    Counted counted =
        run(
            CHARGEBACK,
            extAuthz("unknown", List.of("g")),
            extAuthz("u", List.of("unknown")),
            extAuthz("unknowns", List.of("g")));

    assertThat(counted.series())
        .containsOnlyKeys(AUTHORIZED + "__user___unknowns___group___g___namespace__llm_d");
    assertThat(counted.metrics()).containsEntry("authorized_calls_total", 3L);
  }

  @Test
  void filterStateGoesBeforeMetadata() {
    StreamScenario both =
        stream()
            .dynamicMetadata(
                "envoy.filters.http.ext_authz", Map.of("identity", Map.of("userid", "meta")))
            .filterState("wasm.kuadrant.auth.identity.userid", "\"state\"")
            .build();

    assertThat(
            run("{\"metrics\": {\"c\": {\"count\": \"all\", \"labels\": [\"user\"]}}}", both)
                .series())
        .containsOnlyKeys("c__user__state");
  }

  @Test
  void headersPathsAndConstantsAreSourcesToo() {
    String configuration =
        """
        {"labels": {
           "team": {"from": ["request.headers[\\"x-team\\"]"], "trusted": true},
           "model": "request.path.split(\\"/\\")[2]",
           "tier": ["metadata[\\"ns\\"].tier", "metadata[\\"ns\\"].plan"],
           "code": "response.code",
           "site": {"value": "eu-1"}},
         "metrics": {"c": {"count": "all", "labels": ["team", "model", "tier", "code", "site"]}}}
        """;
    StreamScenario stream =
        stream()
            .path("/llm/opt-125m/v1/chat")
            .requestHeader("x-team", "red")
            .dynamicMetadata("ns", Map.of("plan", "gold"))
            .build();

    assertThat(run(configuration, stream, stream().path("/llm").build()).series())
        .containsOnlyKeys(
            "c__team__red__model__opt_2d125m__tier__gold__code__200__site__eu_2d1",
            "c__team___none__model___none__tier___none__code__200__site__eu_2d1");
  }

  @Test
  void aHeaderThatComesTwiceIsNeitherOfTheTwo() {
    String configuration =
        "{\"labels\": {\"user\": {\"from\": \"request.headers[\\\"x-user\\\"]\", \"trusted\": true}},"
            + " \"metrics\": {\"c\": {\"count\": \"all\", \"labels\": [\"user\"]}}}";
    StreamScenario forged =
        stream().requestHeader("x-user", "mallory").requestHeader("x-user", "alice").build();

    assertThat(run(configuration, forged).series()).containsOnlyKeys("c__user__mallory_2calice");
  }

  static Stream<Arguments> endings() {
    List<Arguments> endings = new ArrayList<>();
    for (Position position : Position.values()) {
      endings.add(Arguments.of(StreamEnding.rateLimited(position), "limited"));
      endings.add(Arguments.of(StreamEnding.locallyRateLimited(position), "limited"));
      endings.add(Arguments.of(StreamEnding.extAuthzDenied(position), "denied"));
      endings.add(Arguments.of(StreamEnding.jwtMissing(position), "denied"));
      endings.add(Arguments.of(StreamEnding.rbacDenied(position), "denied"));
      endings.add(Arguments.of(reply(position, 500, 0x2000, "rate_limiter_error"), "error"));
      endings.add(Arguments.of(reply(position, 403, 0x1000, "ext_authz_error"), "denied"));
      endings.add(Arguments.of(reply(position, 503, 0, "wasm_fail_stream"), "error"));
      endings.add(Arguments.of(reply(position, 504, 0x4, "response_timeout"), "error"));
      endings.add(Arguments.of(reply(position, 200, 0, "direct_response"), "authorized"));
      endings.add(Arguments.of(reply(position, 200, 0x800, "request_rate_limited"), "limited"));
    }
    endings.add(Arguments.of(StreamEnding.kuadrantDenied(429), "limited"));
    endings.add(Arguments.of(StreamEnding.kuadrantDenied(401), "denied"));
    endings.add(Arguments.of(StreamEnding.kuadrantDenied(403), "denied"));
    endings.add(Arguments.of(StreamEnding.kuadrantDenied(500), "error"));
    endings.add(Arguments.of(StreamEnding.upstreamUnreachable(), "error"));
    endings.add(Arguments.of(StreamEnding.upstreamClosed(), "error"));
    for (int code : new int[] {200, 401, 403, 429, 500}) {
      endings.add(
          Arguments.of(
              new StreamEnding.BrokenOff(code, 0x4000, "downstream_remote_disconnect"),
              "authorized"));
    }
    endings.add(
        Arguments.of(
            new StreamEnding.BrokenOff(200, 0x10000, "stream_idle_timeout"), "authorized"));
    for (int code : new int[] {200, 404, 429, 500}) {
      for (String cause :
          List.of(
              "http2.remote_reset", "stream_idle_timeout", "response_timeout", "downstream_x")) {
        endings.add(Arguments.of(new StreamEnding.BrokenOff(code, 0x50004, cause), "authorized"));
      }
    }
    endings.add(
        Arguments.of(
            new StreamEnding.BrokenOff(200, 0x40, "upstream_reset_after_response_started{}"),
            "error"));
    endings.add(
        Arguments.of(reply(Position.AFTER_OURS, 408, 0x10000, "stream_idle_timeout"), "error"));
    endings.add(Arguments.of(new StreamEnding.NoRoute(), "error"));
    endings.add(Arguments.of(new StreamEnding.ClientLeft(), "aborted"));
    for (int code : new int[] {200, 301, 401, 403, 404, 429, 500, 503}) {
      endings.add(Arguments.of(StreamEnding.upstream(code), "authorized"));
    }
    endings.add(
        Arguments.of(
            new StreamEnding.UpstreamResponse(
                429, List.of(Header.of("x-envoy-ratelimited", "true"))),
            "authorized"));
    endings.add(
        Arguments.of(
            new StreamEnding.UpstreamReset(ResponseFlag.UPSTREAM_CONNECTION_FAILURE, "x"),
            "error"));
    return endings.stream();
  }

  @ParameterizedTest
  @MethodSource("endings")
  void everyEndingHasExactlyOneOutcome(StreamEnding ending, String outcome) {
    Map<String, Long> expected = new TreeMap<>();
    for (String name : List.of("authorized", "limited", "denied", "error", "aborted")) {
      expected.put(name, name.equals(outcome) ? 1L : 0L);
    }
    expected.put("every", 1L);

    assertThat(run(BY_OUTCOME, stream().ending(ending).build()).series()).isEqualTo(expected);
  }

  /** Envoy turns local replies to gRPC requests into 200 with a status of its own. */
  @ParameterizedTest
  @CsvSource({"14,limited", "8,limited", "16,denied", "7,denied", "2,error", "12,authorized"})
  void aRefusedGrpcCallIsToldByItsStatus(String status, String outcome) {
    StreamEnding refused =
        new StreamEnding.LocalReply(
            Position.AFTER_OURS, 200, 0, "", List.of(Header.of("grpc-status", status)));

    Counted counted =
        run(
            BY_OUTCOME,
            stream()
                .requestHeader("content-type", "application/grpc+proto")
                .ending(refused)
                .build(),
            stream().ending(StreamEnding.upstream(200)).build());

    assertThat(counted.series()).containsEntry("every", 2L);
    assertThat(counted.series().get(outcome)).isEqualTo(outcome.equals("authorized") ? 2L : 1L);
  }

  @Test
  void aRequestHeaderDoesNotMakeAnAnsweredCallAnotherOutcome() {
    Counted counted =
        run(
            BY_OUTCOME,
            stream()
                .requestHeader("content-type", "application/grpc")
                .ending(new StreamEnding.BrokenOff(200, 0x10000, "stream_idle_timeout"))
                .build());

    assertThat(counted.metrics()).containsEntry("authorized", 1L).containsEntry("error", 0L);
  }

  @Test
  void aStreamThatGoesOnAsAnotherIsNotCounted() {
    StreamEnding redirect = reply(Position.AFTER_OURS, 302, 0, "internal_redirect");

    assertThat(run(BY_OUTCOME, stream().ending(redirect).build()).metrics())
        .containsEntry("every", 0L);
  }

  @Test
  void aConditionOnTheCodeIsKept() {
    String configuration =
        "{\"metrics\": {\"ok\": {\"count\": {\"outcome\": \"authorized\", \"code\": \"2xx\"}},"
            + " \"teapot\": {\"count\": {\"code\": 418}}}}";

    assertThat(
            run(
                    configuration,
                    with(stream().build(), StreamEnding.upstream(204)),
                    with(stream().build(), StreamEnding.upstream(418)),
                    with(stream().build(), StreamEnding.upstream(500)))
                .series())
        .isEqualTo(Map.of("ok", 1L, "teapot", 1L));
  }

  @Test
  void whatIsOverTheBudgetGoesIntoOneSeriesPerMetric() {
    String configuration = "{" + LABELS + ", \"budget\": {\"series\": 2}}";
    List<StreamScenario> streams = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      streams.add(extAuthz("u" + i % 4, List.of("g")));
    }

    Counted counted = run(configuration, Map.of(), Map.of(), streams);

    assertThat(counted.series())
        .isEqualTo(
            Map.of(
                AUTHORIZED + "__user__u0__group__g__namespace__llm_2dd", 2L,
                AUTHORIZED + "__user__u1__group__g__namespace__llm_2dd", 2L,
                AUTHORIZED + "__user___other__group___other__namespace___other", 2L));
    assertThat(counted.metrics())
        .containsEntry("authorized_calls_total", 6L)
        .containsEntry("nametag_series", 2L)
        .containsEntry("nametag_series_over_budget_total", 2L)
        .containsEntry("nametag_identity_missing_total", 0L);
  }

  @Test
  void usersWhoDifferOnlyBehindTheBoundStayApart() {
    String common = "x".repeat(10_240);

    Counted counted =
        run(
            LOSSLESS,
            extAuthz(common + "1", List.of("g")),
            extAuthz(common + "2", List.of("g")),
            extAuthz(common + "2", List.of("g")));

    assertThat(counted.series()).hasSize(2);
    assertThat(counted.series().values()).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void aHundredThousandByteUserIsCounted() {
    assertThat(run(LOSSLESS, extAuthz("é".repeat(50_000), List.of("g"))).series()).hasSize(1);
  }

  @Test
  void manyUsersAreAllCounted() {
    List<StreamScenario> streams = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      streams.add(extAuthz("user-" + i % 300, List.of("g" + i % 300 % 7)));
    }

    Counted counted = run(LOSSLESS, Map.of(), Map.of(), streams);

    assertThat(counted.series())
        .hasSize(300)
        .allSatisfy((name, count) -> assertThat(count).isEqualTo(2));
  }

  @Test
  void aRefusedConfigurationCountsNothingAndLetsEverythingPass() {
    Counted counted =
        run("{\"labels\": {\"user\": \"nobody.knows\"}, \"metrics\": {}}", stream().build());

    assertThat(counted.accepted()).isTrue();
    Map<String, Long> expected = new TreeMap<>(SELF);
    expected.put("nametag_config_rejected", 1L);
    assertThat(counted.metrics()).isEqualTo(expected);
    assertThat(counted.log())
        .containsExactly(
            "CRITICAL pluginConfig: labels.user: selector \"nobody.knows\", column 1: expected an"
                + " attribute such as auth, request, metadata or xds",
            "CRITICAL pluginConfig: metrics: expected at least one metric");
  }

  @Test
  void aRefusedConfigurationIsRefusedToTheHostIfTheEnvironmentSaysStrict() {
    Counted counted = run("{", Map.of("OTHER", "x", "NAMETAG_STRICT", "true"), Map.of(), List.of());

    assertThat(counted.accepted()).isFalse();
    assertThat(counted.log())
        .contains(
            "CRITICAL pluginConfig: line 1, column 2: expected a key in double quotes, found the"
                + " end");
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "0, 0",
    "007, 7",
    "1000000000000, 1000000000000",
    "1000000000001,",
    "99999999999999999999,",
    "-3,",
    "+3,",
    "1.5,",
    "1e3,",
    "12x,",
    "'',",
    ",",
  })
  void aCounterAddsWholeNumbersAndNothingElse(String header, Long added) {
    Counted counted = run(TOKENS, answered(header), answered(header));

    Map<String, Long> expected = new TreeMap<>(Map.of("calls", 2L));
    if (added != null) {
      expected.put("tokens__user___none", 2 * added);
      expected.put("size__user___none_count", 2L);
    }
    assertThat(counted.series()).isEqualTo(expected);
  }

  @Test
  void aHeaderThatComesTwiceIsNoNumber() {
    Header header = Header.of("x-tokens", "7");
    StreamEnding ending = new StreamEnding.UpstreamResponse(200, List.of(header, header));

    assertThat(run(TOKENS, stream().ending(ending).build()).series())
        .isEqualTo(Map.of("calls", 1L));
  }

  private static StreamScenario answered(String tokens) {
    List<Header> headers = tokens == null ? List.of() : List.of(Header.of("x-tokens", tokens));
    return stream().ending(new StreamEnding.UpstreamResponse(200, headers)).build();
  }

  private StreamScenario[] elevenUsers() {
    return Corpora.elevenUsers().stream()
        .map(user -> extAuthz(user, List.of("g")))
        .toArray(StreamScenario[]::new);
  }

  private static StreamScenario.Builder stream() {
    return StreamScenario.builder().path("/");
  }

  private static StreamScenario extAuthz(IdentityValue user, Object groups) {
    return user.bytes().isPresent()
        ? extAuthz(user.bytes().get(), groups)
        : metadata(Map.of("groups", groups));
  }

  private static StreamScenario extAuthz(Object userid, Object groups) {
    return metadata(Map.of("userid", userid, "groups", groups));
  }

  private static StreamScenario metadata(Map<String, Object> identity) {
    return stream()
        .dynamicMetadata("envoy.filters.http.ext_authz", Map.of("identity", identity))
        .build();
  }

  private static StreamScenario kuadrant(byte[] userid) {
    return stream().filterState("wasm.kuadrant.auth.identity.userid", userid).build();
  }

  private static StreamScenario kuadrant(String userid, String groups) {
    return stream()
        .filterState("wasm.kuadrant.auth.identity.userid", userid)
        .filterState("wasm.kuadrant.auth.identity.groups", groups)
        .build();
  }

  private static StreamEnding reply(Position position, int code, long flags, String details) {
    return new StreamEnding.LocalReply(position, code, flags, details, List.of());
  }

  private static StreamScenario with(StreamScenario stream, StreamEnding ending) {
    return new StreamScenario(
        stream.requestHeaders(),
        stream.dynamicMetadata(),
        stream.filterState(),
        stream.filterStateObjects(),
        stream.routeName(),
        stream.clusterName(),
        stream.sourceAddress(),
        ending);
  }
}
