package dev.nametag.hostsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.upstream.HttpUpstream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected results: proxy-wasm-cpp-host src/exports.cc; Envoy context.cc. */
class StreamCallsTest {

  private static final StreamScenario STREAM = StreamScenario.builder().build();

  private static StreamResult run(byte[] module) {
    try (SimulatedEnvoy envoy = start(module)) {
      return envoy.run(STREAM);
    }
  }

  private static SimulatedEnvoy start(byte[] module) {
    return SimulatedEnvoy.builder()
        .module(module)
        .clock(new ManualClock())
        .httpCluster(
            "slow",
            call ->
                new HttpUpstream.Response(
                    Duration.ofSeconds(2),
                    HttpUpstream.response(200, "").headers(),
                    HttpUpstream.response(200, "").body(),
                    List.of()))
        .start();
  }

  @Test
  void aLocalResponseTakesUpstreamsPlace() {
    StreamResult result =
        run(
            Wat.guest(
                """
                (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                  (drop (call $proxy_send_local_response (i32.const 418) «teapot» «short and stout»
                    «%s» (i32.const -1)))
                  (i32.const 0))
                """
                    .formatted(Wat.pairs("x-pot", "tea"))));
    assertThat(result.code()).hasValue(418);
    assertThat(result.details()).isEqualTo("teapot");
  }

  /**
   * Envoy's pull request 23049: a second one is BAD_ARGUMENT, also in the same callback, and issue
   * 28826: it leaves the client without an answer; pull request 36809, in 1.33, undoes the first
   * and so repairs the second.
   */
  @ParameterizedTest
  @CsvSource({"V1_30, 2, 0", "V1_33, 0, 403", "V1_39, 0, 403"})
  void aSecondLocalResponseIsRefusedBefore133(EnvoyVersion version, int result, int code) {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (call $report «first» (call $proxy_send_local_response (i32.const 401) «» «» «»
                (i32.const -1)))
              (call $report «same» (call $proxy_send_local_response (i32.const 402) «» «» «»
                (i32.const -1)))
              (i32.const 0))
            (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
              (call $report «later» (call $proxy_send_local_response (i32.const 403) «» «» «»
                (i32.const -1)))
              (i32.const 0))
            """);
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(module)
            .envoyVersion(version)
            .clock(new ManualClock())
            .start()) {

      StreamResult stream = envoy.run(STREAM);

      assertThat(envoy.stats().gauge("wasmcustom.first")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.same")).hasValue(result);
      assertThat(envoy.stats().gauge("wasmcustom.later")).hasValue(result);
      assertThat(stream.code().orElse(0)).isEqualTo(code);
    }
  }

  /** cpp-host src/context.cc, onRequestHeaders: failStream comes before what was deferred. */
  @Test
  void aTrapAnswersBeforeTheLocalResponseOfItsCallback() {
    StreamResult result =
        run(
            Wat.guest(
                """
                (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                  (drop (call $proxy_send_local_response (i32.const 418) «» «» «» (i32.const -1)))
                  (unreachable))
                """));
    assertThat(result.code()).hasValue(503);
    assertThat(result.details()).isEqualTo("wasm_fail_stream");
  }

  @Test
  void aStreamHeldForACallGoesOnWithItsAnswer() {
    byte[] module =
        Wat.guest(
            """
            (global $stream (mut i32) (i32.const 0))
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (global.set $stream (local.get 0))
              (call $report «called» (call $proxy_http_call «slow» «%s» (i32.const 0) (i32.const 0)
                (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 24)))
              (i32.const 1))
            (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
              (call $report «context» (call $proxy_set_effective_context (global.get $stream)))
              (call $report «continue» (call $proxy_continue_stream (i32.const 0))))
            """
                .formatted(Wat.pairs(":path", "/", ":method", "GET", ":authority", "a")));
    try (SimulatedEnvoy envoy = start(module)) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.code()).hasValue(200);
      assertThat(envoy.stats().gauge("wasmcustom.called")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.context")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.continue")).hasValue(0);
    }
  }

  /** The answer is there when the callback ends, and a thread of the Envoy delivers it. */
  @Test
  void aStreamGoesOnThoughTheAnswerIsDeliveredInAnotherThread() {
    byte[] module =
        Wat.guest(
            """
            (global $stream (mut i32) (i32.const 0))
            (func $spin ;; 20 ms, in which the thread comes to wait for its turn
              (drop (call $proxy_get_current_time_nanoseconds (i32.const 32)))
              (loop $again
                (drop (call $proxy_get_current_time_nanoseconds (i32.const 40)))
                (br_if $again (i64.lt_u
                  (i64.sub (i64.load (i32.const 40)) (i64.load (i32.const 32)))
                  (i64.const 20000000)))))
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (global.set $stream (local.get 0))
              (drop (call $proxy_http_call «quick» «%s» (i32.const 0) (i32.const 0)
                (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 24)))
              (call $spin)
              (i32.const 1))
            (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
              (drop (call $proxy_set_effective_context (global.get $stream)))
              (drop (call $proxy_continue_stream (i32.const 0))))
            """
                .formatted(Wat.pairs(":path", "/", ":method", "GET", ":authority", "a")));
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(module)
            .httpCluster("quick", call -> HttpUpstream.response(200, ""))
            .start()) {
      for (int i = 0; i < 20; i++) {
        assertThat(envoy.run(STREAM).code()).hasValue(200);
      }
    }
  }

  @Test
  void aClosedStreamHasNoResponse() {
    StreamResult result =
        run(
            Wat.guest(
                """
                (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                  (drop (call $proxy_close_stream (i32.const 0)))
                  (i32.const 1))
                """));
    assertThat(result.code()).isEmpty();
  }

  @Test
  void streamsThatAreNoHttpHaveTheirOwnAnswers() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_log") (param i32)
              (call $report «down» (call $proxy_continue_stream (i32.const 2)))
              (call $report «up» (call $proxy_continue_stream (i32.const 3)))
              (call $report «none» (call $proxy_continue_stream (i32.const 4)))
              (call $report «close none» (call $proxy_close_stream (i32.const -1))))
            """);
    try (SimulatedEnvoy envoy = start(module)) {
      envoy.run(STREAM);
      assertThat(envoy.stats().gauge("wasmcustom.down")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.up")).hasValue(12);
      assertThat(envoy.stats().gauge("wasmcustom.none")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.close none")).hasValue(2);
    }
  }

  @Test
  void settingAllHeadersReplacesThem() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
              (call $report «set» (call $proxy_set_header_map_pairs (i32.const 2) «%s»))
              (call $report «size» (call $proxy_get_header_map_size (i32.const 2) (i32.const 24)))
              (call $report «bytes» (i32.load (i32.const 24)))
              (call $report «wild» (call $proxy_set_header_map_pairs (i32.const 2)
                (i32.const -8) (i32.const 100)))
              (call $report «absent» (call $proxy_set_header_map_pairs (i32.const 3) «%s»))
              (i32.const 0))
            (func (export "proxy_on_log") (param i32)
              (drop (call $proxy_get_header_map_value (i32.const 2) «x-a» (i32.const 16)
                (i32.const 20)))
              (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
                (i32.load (i32.const 20))))
              (call $report «late» (call $proxy_set_header_map_pairs (i32.const 2) «%s»)))
            """
                .formatted(Wat.pairs(":status", "200", "x-a", "one"), Wat.pairs(), Wat.pairs()));
    try (SimulatedEnvoy envoy = start(module)) {
      envoy.run(STREAM);
      assertThat(envoy.stats().gauge("wasmcustom.set")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.bytes")).hasValue(7 + 3 + 3 + 3);
      assertThat(envoy.stats().gauge("wasmcustom.wild")).hasValue(6);
      assertThat(envoy.stats().gauge("wasmcustom.absent")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.late")).hasValue(2);
      assertThat(Guests.logged(envoy)).containsExactly("one");
    }
  }
}
