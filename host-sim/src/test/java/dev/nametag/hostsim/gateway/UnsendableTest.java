package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.testing.Wat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Headers that a module breaks. Expected: Envoy source/common/http/filter_manager.cc,
 * encodeHeaders, and source/common/router/upstream_codec_filter.cc, decodeHeaders; derived where
 * something is there that cannot be sent.
 */
class UnsendableTest {

  private static final String GET = "GET / HTTP/1.1\nHost: x\n\n";
  private static final String LOG =
      """
      (func (export "proxy_on_log") (param i32)
        (drop (call $proxy_get_property «response\\00code_details» (i32.const 64) (i32.const 68)))
        (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 64)) (i32.load (i32.const 68)))))
      """;

  private static RunningGateway running(String functions) {
    return RunningGateway.running(
        Wat.guest(functions + LOG), GatewaySettings.to("only", ClusterSettings.Echo.PLAIN), 1);
  }

  @Test
  void aStatusThatATickBreaksIsAnsweredAndTheTicksGoOn() {
    String functions =
        """
        (global $held (mut i32) (i32.const 0))
        (func (export "proxy_on_configure") (param i32 i32) (result i32)
          (drop (call $proxy_set_tick_period_milliseconds (i32.const 10)))
          (i32.const 1))
        (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
          (global.set $held (local.get 0))
          (i32.const 1))
        (func (export "proxy_on_tick") (param i32)
          (if (global.get $held) (then
            (drop (call $proxy_set_effective_context (global.get $held)))
            (global.set $held (i32.const 0))
            (drop (call $proxy_replace_header_map_value (i32.const 2) «:status» «abc»))
            (drop (call $proxy_continue_stream (i32.const 1))))))
        """;
    try (RunningGateway running = running(functions);
        RawClient client = running.connect()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.send(GET).response().status()).isEqualTo(502);
      }

      assertThat(running.stopped())
          .hasSize(3)
          .containsOnly(
              "filter_removed_required_response_headers{missing_required_header:_:status}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "(call $proxy_replace_header_map_value (i32.const 2) «:status» «99»), missing_required_header:_:status",
    "(call $proxy_replace_header_map_value (i32.const 2) «:status» «-200»), missing_required_header:_:status",
    "(call $proxy_remove_header_map_value (i32.const 2) «:status»), missing_required_header:_:status",
    "(call $proxy_add_header_map_value (i32.const 2) «» «x»), invalid_header_name",
    "(call $proxy_add_header_map_value (i32.const 2) «a b» «x»), invalid_header_name",
    "(call $proxy_add_header_map_value (i32.const 2) «a» «x\\0d\\0ay: z»), invalid_header_value:_a",
  })
  void aResponse(String call, String fault) {
    String functions =
        """
        (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
          (drop %s)
          (i32.const 0))
        """;
    try (RunningGateway running = running(functions.formatted(call));
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().status()).isEqualTo(502);
      assertThat(running.stopped())
          .containsExactly("filter_removed_required_response_headers{" + fault + "}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "(call $proxy_remove_header_map_value (i32.const 0) «:method»), missing_required_header:_:method",
    "(call $proxy_replace_header_map_value (i32.const 0) «:method» «G T»), missing_required_header:_:method",
    "(call $proxy_replace_header_map_value (i32.const 0) «:path» «/\\0d\\0aa: b»), missing_required_header:_:path",
    "(call $proxy_replace_header_map_value (i32.const 0) «:path» «»), missing_required_header:_:path",
    "(call $proxy_add_header_map_value (i32.const 0) «» «x»), invalid_header_name",
  })
  void aRequest(String call, String fault) {
    String functions =
        """
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (drop %s)
          (i32.const 0))
        """;
    try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\nContent-Length: 0\n\n");
        RunningGateway running =
            RunningGateway.running(
                Wat.guest(functions.formatted(call) + LOG),
                GatewaySettings.to("only", server.cluster()),
                1);
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().status()).isEqualTo(503);
      assertThat(running.stopped())
          .containsExactly("filter_removed_required_request_headers{" + fault + "}");
    }
  }

  @Test
  void trailersOfARequest() {
    String functions =
        """
        (func (export "proxy_on_request_trailers") (param i32 i32) (result i32)
          (drop (call $proxy_add_header_map_value (i32.const 1) «a b» «x»))
          (i32.const 0))
        """;
    try (RunningGateway running = running(functions);
        RawClient client = running.connect()) {
      client.send("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n0\nt: 1\n\n");

      assertThat(client.response().status()).isEqualTo(503);
      assertThat(running.stopped())
          .containsExactly("filter_added_invalid_request_trailers{invalid_header_name}");
    }
  }

  @Test
  void trailersOfAResponse() {
    String functions =
        """
        (func (export "proxy_on_response_trailers") (param i32 i32) (result i32)
          (drop (call $proxy_add_header_map_value (i32.const 3) «a» «x\\0dy»))
          (i32.const 0))
        """;
    try (RawServer server =
            RawServer.answering(
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\nt: 1\n\n");
        RunningGateway running =
            RunningGateway.running(
                Wat.guest(functions + LOG), GatewaySettings.to("only", server.cluster()), 1);
        RawClient client = running.connect()) {
      // The client has the headers: all that is left is to break the response off.
      assertThat(client.send(GET).rest()).contains("200 OK", "abc").doesNotContain("0\r\n");
      assertThat(running.stopped())
          .containsExactly("filter_added_invalid_response_trailers{invalid_header_value:_a}");
    }
  }

  @ParameterizedTest
  @CsvSource({"200, ''", "7, a", "-1, a", "100000, a"})
  void anAnswerOfTheModule(int code, String name) {
    String functions =
        """
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (drop (call $proxy_send_local_response (i32.const %d) «» «body» «%s» (i32.const -1)))
          (i32.const 1))
        """;
    try (RunningGateway running = running(functions.formatted(code, Wat.pairs(name, "v")));
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().status()).isEqualTo(502);
      assertThat(running.stopped())
          .hasSize(1)
          .allMatch(said -> said.startsWith("filter_removed_required_response_headers{"));
    }
  }
}
