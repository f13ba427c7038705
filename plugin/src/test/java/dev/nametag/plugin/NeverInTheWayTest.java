package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.stream.StreamCases;
import dev.nametag.hostsim.stream.StreamRun;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.stream.StreamScript;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the host answers, requests pass as if the filter were not there. */
class NeverInTheWayTest {
  private static final String CONFIGURATION =
      """
      {"labels": {"user": {"from": "request.headers[\\"x-user\\"]", "trusted": true},
                  "group": "auth.identity.groups[0]"},
       "metrics": {"calls": {"count": "all", "labels": ["user", "group"]},
                   "size": {"count": "all", "record": "response.size", "labels": ["user"]},
                   "authorized": {"count": "authorized"}, "limited": {"count": "limited"},
                   "denied": {"count": "denied"}, "error": {"count": "error"},
                   "aborted": {"count": "aborted"}, "every": {"count": "all"}}}
      """;

  private static final List<String> HOSTCALLS =
      List.of(
          "proxy_log",
          "proxy_get_property",
          "proxy_get_header_map_value",
          "proxy_get_buffer_bytes",
          "proxy_define_metric",
          "proxy_increment_metric",
          "proxy_record_metric",
          "proxy_get_shared_data",
          "proxy_set_shared_data",
          "environ_sizes_get",
          "environ_get");

  /**
   * Every number of Proxy-Wasm ABI v0.2.1, proxy_status_t, but OK, and two that it does not have.
   */
  private static final int[] RESULTS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99, -1};

  static Stream<Arguments> answers() {
    return HOSTCALLS.stream()
        .flatMap(
            name -> Stream.of(true, false).map(fromTheStart -> Arguments.of(name, fromTheStart)));
  }

  @ParameterizedTest(name = "{0}, from the start: {1}")
  @MethodSource("answers")
  void aHostThatFailsIsOnlyCounted(String hostcall, boolean fromTheStart) {
    StreamScript script = StreamCases.rows().findFirst().orElseThrow().script();
    StreamRun.Outcome without;
    try (SimulatedEnvoy envoy = SimulatedEnvoy.builder().module(NoFilter.module()).start()) {
      without = envoy.play(script);
    }
    for (int result : RESULTS) {
      boolean[] failing = {fromTheStart};
      Intercepted engine =
          new Intercepted(
              Compiled.ENGINE,
              (name, arguments, real) ->
                  failing[0] && name.equals(hostcall) ? result : real.call(arguments));
      try (SimulatedEnvoy envoy = envoy(engine)) {
        failing[0] = true;

        assertThat(envoy.play(script)).as("result " + result).isEqualTo(without);
        assertThat(envoy.play(script)).isEqualTo(without);

        failing[0] = false;
        assertThat(envoy.play(script)).isEqualTo(without);
        if (!fromTheStart) {
          check(FilterInWasmTest.metrics(envoy), hostcall, result);
        }
      }
    }
  }

  /** Three streams, of which the host failed in two. */
  private static void check(Map<String, Long> metrics, String hostcall, int result) {
    Map<String, Long> counts = new HashMap<>(metrics);
    long sum = 0;
    for (String name : List.of("authorized", "limited", "denied", "error", "aborted")) {
      sum += counts.getOrDefault(name, 0L);
    }
    boolean metricsFail = hostcall.equals("proxy_increment_metric");
    assertThat(sum).as(hostcall + " " + result).isEqualTo(metricsFail ? 1 : 3);
    assertThat(counts.get("every")).isEqualTo(metricsFail ? 1 : 3);
    // What the host says about a missing property or header is no failure.
    boolean isAnswer =
        (result == 1 && !hostcall.equals("proxy_define_metric"))
            || (result == 3 && hostcall.equals("proxy_get_property"))
            || (result == 2 && hostcall.equals("proxy_get_header_map_value"));
    if (hostcall.equals("proxy_get_property") && !isAnswer) {
      assertThat(counts.get("nametag_errors_total")).as("result " + result).isEqualTo(2);
    }
    if (hostcall.equals("proxy_define_metric")) {
      assertThat(counts.get("nametag_errors_total")).isEqualTo(2);
    }
  }

  /** Each stream increments {@code authorized}, {@code every} and {@code calls}. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aCounterThatTheHostRefusesToIncrementIsAnError(int refused) {
    StreamScript script = StreamCases.rows().findFirst().orElseThrow().script();
    int[] calls = {-1};
    Intercepted engine =
        new Intercepted(
            Compiled.ENGINE,
            (name, arguments, real) ->
                calls[0] >= 0 && name.equals("proxy_increment_metric") && calls[0]++ == refused
                    ? 2
                    : real.call(arguments));
    try (SimulatedEnvoy envoy = envoy(engine)) {
      envoy.play(script);
      calls[0] = 0;
      envoy.play(script);
      calls[0] = -1;
      envoy.play(script);

      Map<String, Long> metrics = FilterInWasmTest.metrics(envoy);
      List<Long> counts =
          List.of(
              metrics.get("authorized"),
              metrics.get("every"),
              metrics.get("calls__user___none__group___none"));
      assertThat(counts).containsOnly(2L, 3L).containsOnlyOnce(2L);
      assertThat(metrics).containsEntry("nametag_errors_total", 1L);
    }
  }

  /** What describes the proxy is read once, with the configuration, unless that fails. */
  @Test
  void aNodeThatCannotBeReadAtFirstIsReadLater() {
    boolean[] failing = {true};
    Intercepted engine =
        new Intercepted(
            Compiled.ENGINE,
            (name, arguments, real) ->
                failing[0] && name.equals("proxy_get_property") ? 10 : real.call(arguments));
    String configuration =
        """
        {"labels": {"namespace": "xds.node.metadata.NAMESPACE"},
         "metrics": {"calls": {"count": "all", "labels": ["namespace"]}}}
        """;
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(NametagModule.bytes())
            .engine(engine)
            .nodeMetadata(Map.of("NAMESPACE", "llm-d"))
            .pluginConfiguration(configuration.getBytes(StandardCharsets.UTF_8))
            .start()) {
      assertThat(envoy.run(StreamScenario.builder().build()).failure()).isEmpty();
      failing[0] = false;
      assertThat(envoy.run(StreamScenario.builder().build()).failure()).isEmpty();

      assertThat(FilterInWasmTest.metrics(envoy))
          .containsEntry("calls__namespace___none", 1L)
          .containsEntry("calls__namespace__llm_2dd", 1L)
          .containsEntry("nametag_config_rejected", 0L)
          .containsEntry("nametag_errors_total", 1L);
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @MethodSource("sizes")
  void valuesOfAnySizeAreCounted(int bytes) {
    try (SimulatedEnvoy envoy = envoy(new Intercepted(Compiled.ENGINE, Intercepted.Host.real()))) {
      StreamScenario stream =
          StreamScenario.builder()
              .requestHeader("x-user", "x".repeat(bytes))
              .filterState("wasm.kuadrant.auth.identity.groups", "[\"" + "é".repeat(bytes / 2))
              .build();

      assertThat(envoy.run(stream).failure()).isEmpty();
      assertThat(envoy.run(stream).failure()).isEmpty();

      assertThat(FilterInWasmTest.metrics(envoy))
          .containsEntry("every", 2L)
          .containsEntry("authorized", 2L)
          .containsEntry("nametag_series", 2L);
    }
  }

  static Stream<Integer> sizes() {
    return Stream.of(0, 1, 127, 128, 129, 65_519, 65_520, 65_536, 1 << 20, 5 << 20);
  }

  private static SimulatedEnvoy envoy(Intercepted engine) {
    return SimulatedEnvoy.builder()
        .module(NametagModule.bytes())
        .engine(engine)
        .pluginConfiguration(CONFIGURATION.getBytes(StandardCharsets.UTF_8))
        .start();
  }
}
