package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the filter does, on whatever it runs: names, outcomes, and what follows here. */
abstract class FilterContract extends OutcomeContract {
  private static final String TOKENS =
      """
      {"labels": {"user": "auth.identity.userid"},
       "metrics": {"calls": {"count": "all"},
                   "tokens": {"count": "all", "add": "response.headers[\\"x-tokens\\"]",
                              "labels": ["user"]},
                   "size": {"count": "all", "record": "response.headers[\\"x-tokens\\"]",
                            "labels": ["user"]}}}
      """;

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
}
