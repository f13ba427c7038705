package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.testing.Wat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Calls of modules to clusters of the gateway. Expected results: Envoy
 * source/extensions/common/wasm/context.cc, Context::httpCall, and source/common/router/router.cc
 * for what is answered in the cluster's place.
 */
class ClusterCallsTest {

  private static final String GET = "GET /x HTTP/1.1\nHost: x\n\n";

  private static final String POST =
      Wat.pairs(":path", "/check", ":method", "POST", ":authority", "a", "x-asks", "module");

  /**
   * Asks for each request whether it may pass: with 2xx it goes on, with anything else the client
   * gets 403 and what the cluster said.
   */
  private static byte[] asking(String cluster, int timeoutMillis) {
    return Wat.guest(
        """
        (global $stream (mut i32) (i32.const 0))
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (global.set $stream (local.get 0))
          (call $report «called» (call $proxy_http_call «%s» «%s» «the body» (i32.const 0)
            (i32.const 0) (i32.const %d) (i32.const 24)))
          (i32.const 1))
        (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
          (call $report «body size» (local.get 3))
          (call $report «trailers» (local.get 4))
          (drop (call $proxy_set_effective_context (global.get $stream)))
          (drop (call $proxy_get_header_map_value (i32.const 6) «:status» (i32.const 16)
            (i32.const 20)))
          (if (i32.eq (i32.load8_u (i32.load (i32.const 16))) (i32.const 50)) ;; '2'
            (then (drop (call $proxy_continue_stream (i32.const 0))))
            (else
              (drop (call $proxy_get_buffer_bytes (i32.const 4) (i32.const 0) (local.get 3)
                (i32.const 16) (i32.const 20)))
              (drop (call $proxy_send_local_response (i32.const 403) (i32.const 0) (i32.const 0)
                (i32.load (i32.const 16)) (i32.load (i32.const 20)) (i32.const 0) (i32.const 0)
                (i32.const -1))))))
        """
            .formatted(cluster, POST, timeoutMillis));
  }

  private static GatewaySettings with(ClusterSettings asked) {
    return new GatewaySettings(
        List.of(RouteSettings.all("default", "only")),
        Map.of("only", ClusterSettings.Echo.PLAIN, "auth", asked),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static String answer(ClusterSettings asked, int timeoutMillis) {
    try (RunningGateway running =
            RunningGateway.calling(asking("auth", timeoutMillis), with(asked));
        RawClient client = running.connect()) {
      var response = client.send(GET).response();
      return response.status() + " " + response.body();
    }
  }

  @Test
  void theClusterIsAskedAndTheStreamGoesOn() {
    try (RawServer server = RawServer.answering("HTTP/1.1 204 No Content\nContent-Length: 0\n\n");
        RunningGateway running =
            RunningGateway.calling(asking("auth", 20_000), with(server.cluster()));
        RawClient client = running.connect()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.send(GET).response().status()).isEqualTo(200);
      }
      // The length of the body is Envoy's, whatever the module says of it.
      assertThat(server.heads())
          .hasSize(3)
          .allMatch(head -> head.contains("POST /check HTTP/1.1\r\n"))
          .allMatch(head -> head.contains("host: a\r\n"))
          .allMatch(head -> head.contains("x-asks: module\r\n"))
          .allMatch(head -> head.contains("content-length: 8\r\n"))
          .noneMatch(head -> head.contains("transfer-encoding"));
      // What stands before the next head is the body of the call before.
      assertThat(server.heads().get(1)).startsWith("the bodyPOST ");
    }
  }

  @Test
  void theWholeBodyComesBack() {
    try (RawServer server =
        RawServer.answering(
            "HTTP/1.1 401 No\nTransfer-Encoding: chunked\n\n3\nnot\n4\n you\n0\nx-t: 1\n\n")) {
      assertThat(answer(server.cluster(), 20_000)).isEqualTo("403 not you");
    }
  }

  /** Envoy source/common/http/async_client_impl.cc: http.async_response_buffer_limit. */
  @Test
  void aBodyOfMoreThanIsHeldIsNoAnswer() {
    String start = "HTTP/1.1 200 OK\nContent-Length: " + (40 << 20) + "\n\n";
    try (RawServer server = RawServer.answering(start + "x".repeat(33 << 20))) {
      assertThat(answer(server.cluster(), 20_000)).startsWith("403 ");
      server.awaitClosed(1);
    }
  }

  @Test
  void builtInClustersAnswerToo() {
    try (RunningGateway running =
            RunningGateway.calling(asking("auth", 20_000), with(ClusterSettings.Echo.PLAIN));
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().status()).isEqualTo(200);
    }
  }

  @Test
  void silenceEndsWithTheCallsTimeout() {
    try (RawServer server = RawServer.answering("")) {
      assertThat(answer(server.cluster(), 50)).isEqualTo("403 upstream request timeout");
      server.awaitClosed(1);
      assertThat(server.closed()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatClosesIsAnsweredForByTheRouter() {
    try (RawServer server = RawServer.answeringAndClosing("")) {
      assertThat(answer(server.cluster(), 20_000))
          .isEqualTo(
              "403 upstream connect error or disconnect/reset before headers. reset reason:"
                  + " connection termination");
    }
  }

  @Test
  void aClusterWithoutHealthyHostsIsAnsweredForByTheRouter() {
    assertThat(answer(new ClusterSettings.Unhealthy(), 20_000))
        .isEqualTo("403 no healthy upstream");
  }
}
