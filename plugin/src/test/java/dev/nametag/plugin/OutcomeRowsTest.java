package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.stream.StreamCases;
import dev.nametag.hostsim.stream.StreamCases.Row;
import dev.nametag.hostsim.stream.StreamRun;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The outcome of every situation that {@link StreamCases} lists, as docs/outcomes.md says: a row of
 * that document applied to the row's code, flags and details.
 */
class OutcomeRowsTest {
  private static final String BY_OUTCOME =
      """
      {"metrics": {"authorized": {"count": "authorized"}, "limited": {"count": "limited"},
                   "denied": {"count": "denied"}, "error": {"count": "error"},
                   "aborted": {"count": "aborted"}, "every": {"count": "all"}}}
      """;

  private static final String OUTCOMES =
      """
      upstream answers | authorized
      upstream answers with a body in parts | authorized
      a body that ends with an empty part | authorized
      a request with a body and trailers, a response with trailers only | authorized
      a request with a body | authorized
      ratelimit after ours | limited
      ratelimit before ours | limited
      ratelimit error, fail closed, after ours | error
      ratelimit error, fail closed, before ours | error
      local_ratelimit after ours | limited
      local_ratelimit before ours | limited
      ext_authz denied after ours | denied
      ext_authz denied before ours, with the service's own code | denied
      ext_authz error after ours | denied
      ext_authz error before ours | denied
      ext_authz invalid mutation before ours | denied
      jwt_authn without a token after ours | denied
      jwt_authn with the wrong audience before ours | denied
      rbac after ours | denied
      rbac before ours | denied
      direct response | authorized
      no route | error
      no healthy upstream | error
      upstream refuses the connection | error
      upstream closes the connection | error
      upstream resets the stream | error
      a circuit breaker is open | error
      upstream breaks off in the middle of the response | error
      the client leaves before a response | aborted
      the client resets the stream before a response | aborted
      the client leaves in the middle of its request | aborted
      the client leaves in the middle of the response | authorized
      the route's timeout | error
      the timeout of a try | error
      nothing moves, the request is there | error
      nothing moves, the request is not finished | error
      the request takes too long | authorized
      nothing moves in the middle of the response | authorized
      a retry that helps | authorized
      a retry after a reset that helps | authorized
      retries that do not help | authorized
      a retry after a reset that does not help | authorized
      retries of a connection that never comes about | error
      100-continue, which Envoy says by itself | authorized
      interim responses of upstream | authorized
      a WebSocket until the client closes it | authorized
      an upgrade that no route lets through (derived) | denied
      gRPC | authorized
      gRPC over the rate limit after ours: 200, and 429 in response headers (derived) | limited
      gRPC denied by ext_authz before ours | denied
      an internal redirect: the first stream is logged, another follows | authorized
      a redirect too many goes to the client | authorized
      """;

  /** Returns what executes the module. */
  EngineKind engine() {
    return Compiled.ENGINE;
  }

  static Stream<Row> rows() {
    return StreamCases.rows();
  }

  @Test
  void everySituationHasAnOutcome() {
    assertThat(rows().map(Row::name)).containsExactlyInAnyOrderElementsOf(outcomes().keySet());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void theStreamIsCountedOnceByItsOutcome(Row row) {
    try (SimulatedEnvoy envoy = envoy()) {
      envoy.play(row.script());

      Map<String, Long> expected = new TreeMap<>();
      for (String name : BY_OUTCOME.split("\"", -1)) {
        if (outcomes().containsValue(name)) {
          expected.put(name, 0L);
        }
      }
      expected.put(outcomes().get(row.name()), 1L);
      expected.put("every", 1L);
      expected.putAll(FilterRuns.SELF);
      assertThat(FilterInWasmTest.metrics(envoy)).isEqualTo(expected);
    }
  }

  /** The code of a stream is read where a metric asks for it, whatever else decides its outcome. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void aMetricOfCertainCodesCountsThemAndChangesNoOutcome(Row row) {
    try (SimulatedEnvoy envoy = envoy(byCode())) {
      envoy.play(row.script());

      Map<String, Long> metrics = FilterInWasmTest.metrics(envoy);
      for (int hundreds = 1; hundreds <= 5; hundreds++) {
        String name = "answered_" + hundreds;
        assertThat(metrics.get(name))
            .as(name)
            .isEqualTo(row.loggedCode() / 100 == hundreds ? 1 : 0);
      }
      assertThat(metrics.get(outcomes().get(row.name()))).isEqualTo(1);
    }
  }

  private static String byCode() {
    StringBuilder text = new StringBuilder(BY_OUTCOME.strip());
    text.setLength(text.length() - 2);
    for (int hundreds = 1; hundreds <= 5; hundreds++) {
      text.append(
          ", \"answered_%d\": {\"count\": {\"outcome\": \"all\", \"code\": \"%dxx\"}}"
              .formatted(hundreds, hundreds));
    }
    return text.append("}}").toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void clientAndUpstreamSeeWhatTheyWouldSeeWithoutTheFilter(Row row) {
    StreamRun.Outcome without;
    try (SimulatedEnvoy envoy = SimulatedEnvoy.builder().module(NoFilter.module()).start()) {
      without = envoy.play(row.script());
    }
    try (SimulatedEnvoy envoy = envoy()) {
      StreamRun.Outcome with = envoy.play(row.script());

      assertThat(with).isEqualTo(without);
    }
  }

  @Test
  void theOutcomesOfAllStreamsAddUpToTheStreams() {
    try (SimulatedEnvoy envoy = envoy()) {
      rows().forEach(row -> envoy.play(row.script()));

      Map<String, Long> metrics = FilterInWasmTest.metrics(envoy);
      long sum =
          Stream.of("authorized", "limited", "denied", "error", "aborted")
              .mapToLong(metrics::get)
              .sum();
      assertThat(sum).isEqualTo(rows().count()).isEqualTo(metrics.get("every"));
    }
  }

  private SimulatedEnvoy envoy() {
    return envoy(BY_OUTCOME);
  }

  private SimulatedEnvoy envoy(String configuration) {
    return SimulatedEnvoy.builder()
        .module(NametagModule.bytes())
        .engine(engine())
        .pluginConfiguration(configuration.getBytes(StandardCharsets.UTF_8))
        .start();
  }

  private static Map<String, String> outcomes() {
    Map<String, String> outcomes = new TreeMap<>();
    OUTCOMES
        .lines()
        .forEach(
            line -> {
              int bar = line.lastIndexOf(" | ");
              outcomes.put(line.substring(0, bar), line.substring(bar + 3));
            });
    return outcomes;
  }
}
