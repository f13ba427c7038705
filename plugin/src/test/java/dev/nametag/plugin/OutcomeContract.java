package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamEnding.Position;
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

/** Which outcome a request has, by the evidence that Envoy's filters leave. */
abstract class OutcomeContract extends NameContract {
  private static final String BY_OUTCOME =
      """
      {"metrics": {"authorized": {"count": "authorized"}, "limited": {"count": "limited"},
                   "denied": {"count": "denied"}, "error": {"count": "error"},
                   "aborted": {"count": "aborted"}, "every": {"count": "all"}}}
      """;

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

  /** Each of them is the only metric with its labels. */
  @Test
  void aConditionOnTheCodeAndANumberAreKeptByMetricsWithLabelsOfTheirOwn() {
    String configuration =
        """
        {"labels": {"a": {"value": "x"}, "b": {"value": "y"}, "c": {"value": "z"}},
         "metrics": {"ok": {"count": {"outcome": "authorized", "code": "2xx"}, "labels": ["a"]},
                     "tokens": {"count": "all", "add": "response.headers[\\"x-tokens\\"]",
                                "labels": ["b"]},
                     "every": {"count": "all", "labels": ["c"]}}}
        """;

    assertThat(
            run(
                    configuration,
                    with(stream().build(), answer(204, Header.of("x-tokens", "7"))),
                    with(stream().build(), answer(418)),
                    with(stream().build(), answer(500, Header.of("x-tokens", "5"))))
                .series())
        .isEqualTo(Map.of("ok__a__x", 1L, "tokens__b__y", 12L, "every__c__z", 3L));
  }

  private static StreamEnding answer(int code, Header... headers) {
    return new StreamEnding.UpstreamResponse(code, List.of(headers));
  }
}
