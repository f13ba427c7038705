package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.fixtures.Corpora;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamEnding.Position;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which series a request counts in. The names follow from the grammar in docs/names.md and, for the
 * demo's, from its document.
 */
abstract class NameContract extends FilterRuns {
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

  private StreamScenario[] elevenUsers() {
    return Corpora.elevenUsers().stream()
        .map(user -> extAuthz(user, List.of("g")))
        .toArray(StreamScenario[]::new);
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
}
