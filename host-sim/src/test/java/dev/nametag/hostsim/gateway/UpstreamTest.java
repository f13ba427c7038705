package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.RetryPolicy;
import dev.nametag.hostsim.testing.Wat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Expected codes and details: Envoy source/common/router/router.cc. */
class UpstreamTest {

  private static final String GET = "GET /a HTTP/1.1\nHost: x\n\n";

  private static GatewaySettings with(RouteSettings route, ClusterSettings cluster) {
    return new GatewaySettings(
        List.of(route), Map.of("only", cluster), List.of(), List.of(), Optional.empty());
  }

  private static RouteSettings route(Optional<Duration> timeout, RetryPolicy retries) {
    return new RouteSettings(
        "r", RouteSettings.Match.ALL, new RouteSettings.Forward("only"), timeout, retries);
  }

  private static void check(ClusterSettings cluster, int status, String details) {
    try (RunningGateway running = RunningGateway.to(cluster);
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().status()).isEqualTo(status);
      assertThat(running.stopped()).containsExactly(details);
    }
  }

  @Test
  void requestsAndResponsesGoThrough() {
    try (RunningGateway behind = RunningGateway.echo();
        RunningGateway running = RunningGateway.to(server(behind.port()));
        RawClient client = running.connect()) {
      for (int i = 0; i < 3; i++) {
        client.send("POST /p?q HTTP/1.1\nHost: api\nX-A: 1\nContent-Length: 3\n\nabc");

        Map<?, ?> said = (Map<?, ?>) new TestJson().read(client.response().body());

        assertThat(said.get("path")).isEqualTo("/p?q");
        assertThat(said.get("host")).isEqualTo("api");
        assertThat(said.get("headers")).isEqualTo(Map.of("x-a", "1", "content-length", "3"));
        assertThat(said.get("body_bytes")).hasToString("3");
      }
      assertThat(behind.gateway().summary().connections()).isEqualTo(1);
    }
  }

  private static ClusterSettings server(int port) {
    return new ClusterSettings.Server("127.0.0.1", port, Duration.ofSeconds(5));
  }

  @Test
  void chunksTrailersAndInterimResponsesComeBack() {
    try (RawServer server =
            RawServer.answering(
                "HTTP/1.1 103 Early Hints\nLink: a\n\nHTTP/1.1 200 OK\nTransfer-Encoding:"
                    + " chunked\n\n3\nabc\n0\nx-t: 1\n\n");
        RunningGateway running = RunningGateway.to(server.cluster());
        RawClient client = running.connect()) {
      client.send(GET);

      assertThat(client.response().headers()).containsEntry("link", "a");
      RawClient.Response response = client.response();
      assertThat(response.body()).isEqualTo("abc");
      assertThat(response.headers()).containsEntry("trailer:x-t", "1");
      assertThat(running.stopped()).containsExactly("via_upstream");
    }
  }

  @Test
  void aBodyThatTheCloseEndsComesBack() {
    try (RawServer server = RawServer.answeringAndClosing("HTTP/1.1 200 OK\n\nabc");
        RunningGateway running = RunningGateway.to(server.cluster());
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().body()).isEqualTo("abc");
      assertThat(running.stopped()).containsExactly("via_upstream");
    }
  }

  @Test
  void nobodyListens() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    check(server(port), 503, "upstream_reset_before_response_started{remote_connection_failure}");
  }

  @Test
  void upstreamClosesBeforeItAnswers() {
    try (RawServer server = RawServer.answeringAndClosing("")) {
      check(
          server.cluster(), 503, "upstream_reset_before_response_started{connection_termination}");
    }
  }

  @Test
  void upstreamSpeaksSomethingElse() {
    try (RawServer server = RawServer.answering("220 mail\n\n");
        RunningGateway running = RunningGateway.to(server.cluster());
        RawClient client = running.connect()) {
      // Envoy source/common/router/router.cc, onUpstreamReset.
      RawClient.Response response = client.send(GET).response();
      assertThat(response.status()).isEqualTo(502);
      assertThat(response.body()).endsWith("before headers. reset reason: protocol error");
      assertThat(running.stopped())
          .containsExactly("upstream_reset_before_response_started{protocol_error}");
    }
  }

  @Test
  void upstreamClosesInTheBody() {
    try (RawServer server =
            RawServer.answeringAndClosing("HTTP/1.1 200 OK\nContent-Length: 9\n\nabc");
        RunningGateway running = RunningGateway.to(server.cluster());
        RawClient client = running.connect()) {
      client.send(GET);

      assertThat(client.rest()).startsWith("HTTP/1.1 200 OK").endsWith("abc");
      assertThat(running.stopped())
          .containsExactly("upstream_reset_after_response_started{connection_termination}");
      assertThat(running.gateway().summary().brokenOff()).isEqualTo(1);
    }
  }

  @Test
  void upstreamIsSilent() {
    try (RawServer server = RawServer.answering("");
        RunningGateway running =
            RunningGateway.with(
                with(
                    route(Optional.of(Duration.ofMillis(100)), RetryPolicy.NONE),
                    server.cluster()));
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().status()).isEqualTo(504);
      assertThat(client.send(GET).response().status()).isEqualTo(504);
      assertThat(running.stopped()).containsExactly("response_timeout", "response_timeout");
    }
  }

  @Test
  void aClientThatStallsIsNotWaitedForForever() {
    GatewaySettings settings =
        new GatewaySettings(
            List.of(route(Optional.empty(), RetryPolicy.NONE)),
            Map.of("only", ClusterSettings.Echo.PLAIN),
            List.of(),
            List.of(),
            Optional.of(Duration.ofSeconds(1)));
    try (RunningGateway running = RunningGateway.with(settings);
        RawClient client = running.connect()) {
      client.send("POST / HTTP/1.1\nHost: x\nContent-Length: 5\n\nab");

      assertThat(client.response().status()).isEqualTo(408);
      assertThat(running.stopped()).containsExactly("stream_idle_timeout");
    }
  }

  @Test
  void whatFailsIsTriedAgain() {
    try (RawServer server = RawServer.answering("HTTP/1.1 503 No\nContent-Length: 0\n\n");
        RunningGateway running =
            RunningGateway.with(
                with(
                    route(Optional.empty(), RetryPolicy.of(2, RetryPolicy.On.FIVE_XX)),
                    server.cluster()));
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().status()).isEqualTo(503);
      assertThat(server.requests()).isEqualTo(3);
      assertThat(running.stopped()).containsExactly("via_upstream");
    }
  }

  @Test
  void routesAnswerByThemselves() {
    GatewaySettings settings =
        new GatewaySettings(
            List.of(
                local(path("/d"), new RouteSettings.DirectResponse(418, "tea")),
                local(
                    path("/r"),
                    new RouteSettings.Redirect(308, Optional.empty(), Optional.of("/n"))),
                new RouteSettings(
                    "u",
                    path("/u"),
                    new RouteSettings.Forward("down"),
                    Optional.empty(),
                    RetryPolicy.NONE)),
            Map.of("down", new ClusterSettings.Unhealthy()),
            List.of(),
            List.of(),
            Optional.empty());
    try (RunningGateway running = RunningGateway.with(settings);
        RawClient client = running.connect()) {
      RawClient.Response direct = client.send("GET /d?x HTTP/1.1\nHost: x\n\n").response();
      RawClient.Response redirect = client.send("GET /r HTTP/1.1\nHost: x:1\n\n").response();
      RawClient.Response down = client.send("GET /u HTTP/1.1\nHost: x\n\n").response();
      RawClient.Response none = client.send("GET /z HTTP/1.1\nHost: x\n\n").response();

      assertThat(direct.status()).isEqualTo(418);
      assertThat(direct.body()).isEqualTo("tea");
      assertThat(redirect.status()).isEqualTo(308);
      assertThat(redirect.headers()).containsEntry("location", "http://x:1/n");
      assertThat(down.body()).isEqualTo("no healthy upstream");
      assertThat(none.status()).isEqualTo(404);
      assertThat(running.stopped())
          .containsExactly(
              "direct_response", "direct_response", "no_healthy_upstream", "route_not_found");
    }
  }

  private static RouteSettings.Match path(String path) {
    return new RouteSettings.Match(
        Optional.empty(), Optional.of(path), Optional.empty(), Optional.empty());
  }

  private static RouteSettings local(RouteSettings.Match match, RouteSettings.Action action) {
    return new RouteSettings("", match, action, Optional.empty(), RetryPolicy.NONE);
  }

  /** What does not fit into buffers must be held back on the way, in both directions. */
  @Test
  void largeBodiesGoThroughWhole() throws Exception {
    byte[] large = new byte[20_000_000];
    String answer = "HTTP/1.1 200 OK\nContent-Length: 5000000\n\n" + "x".repeat(5_000_000);
    HttpClient http = HttpClient.newHttpClient();
    try (RunningGateway behind = RunningGateway.echo();
        RunningGateway up = RunningGateway.to(server(behind.port()));
        RawServer server = RawServer.answering(answer);
        RunningGateway down = RunningGateway.to(server.cluster());
        RawClient slow = down.connect()) {
      HttpResponse<String> said =
          http.send(
              HttpRequest.newBuilder(up.uri("/"))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(large))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      slow.send(GET);
      RunningGateway.pause(300);

      assertThat(((Map<?, ?>) new TestJson().read(said.body())).get("body_bytes"))
          .hasToString("20000000");
      assertThat(slow.response().body()).hasSize(5_000_000);
      assertThat(down.stopped()).containsExactly("via_upstream");
    }
  }

  @Test
  void whatComesAfterARetryIsToldSo() {
    RetryPolicy once = RetryPolicy.of(1, RetryPolicy.On.RESET);
    try (RawServer server = RawServer.answeringAndClosing("");
        RunningGateway running =
            RunningGateway.with(with(route(Optional.empty(), once), server.cluster()));
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().body())
          .endsWith("retried and the latest reset reason: connection termination");
    }
  }

  @Test
  void connectionsToUpstreamsThatNobodyUsesAreClosedInTime() {
    try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\nContent-Length: 0\n\n");
        RunningGateway running =
            RunningGateway.to(server.cluster(Optional.of(Duration.ofMillis(50))));
        RawClient client = running.connect()) {
      for (int i = 1; i <= 3; i++) {
        assertThat(client.send(GET).response().status()).isEqualTo(200);
        server.awaitClosed(i);
        assertThat(server.closed()).isEqualTo(i);
      }
    }
  }

  @Test
  void connectionsOfClientsThatSayNothingAreClosedInTime() {
    GatewaySettings settings =
        GatewaySettings.to("only", ClusterSettings.Echo.PLAIN)
            .closingIdle(Optional.of(Duration.ofMillis(50)));
    try (RunningGateway running = RunningGateway.with(settings);
        RawClient client = running.connect()) {
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void pathsGoUpstreamByteByByte() {
    String path = "/a\\c3\\a9\\ff?b";
    String functions =
        """
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (drop (call $proxy_replace_header_map_value (i32.const 0) «:path» «%s»))
          (i32.const 0))
        """;
    try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\nContent-Length: 0\n\n");
        RunningGateway running =
            RunningGateway.running(
                Wat.guest(functions.formatted(path)),
                GatewaySettings.to("only", server.cluster()),
                1);
        RawClient client = running.connect()) {
      assertThat(client.send(GET).response().status()).isEqualTo(200);

      assertThat(server.heads())
          .singleElement()
          .asString()
          .startsWith("GET /a\u00c3\u00a9\u00ff?b H");
    }
  }
}
