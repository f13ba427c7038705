package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected framing: RFC 9112. Expected codes and details: Envoy source/common/http/http1. */
class ConnectionTest {

  private static final String GET = "GET /a HTTP/1.1\nHost: x\n\n";

  private static Map<?, ?> said(RawClient.Response response) {
    return (Map<?, ?>) new TestJson().read(response.body());
  }

  @Test
  void echoSaysWhatWasAsked() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      client.send("POST /p?q=1 HTTP/1.1\nHost: api:80\nX-A: 1\nx-a: 2\nContent-Length: 5\n\nhello");

      RawClient.Response response = client.response();

      assertThat(response.status()).isEqualTo(200);
      assertThat(said(response).get("method")).isEqualTo("POST");
      assertThat(said(response).get("host")).isEqualTo("api:80");
      assertThat(said(response).get("path")).isEqualTo("/p?q=1");
      assertThat(said(response).get("headers"))
          .isEqualTo(Map.of("x-a", "1,2", "content-length", "5"));
      assertThat(said(response).get("body_bytes")).hasToString("5");
      assertThat(running.stopped()).containsExactly("via_upstream");
    }
  }

  @Test
  void aConnectionServesOneRequestAfterTheOther() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      for (int i = 0; i < 3; i++) {
        client.send("GET /" + i + " HTTP/1.1\nHost: x\n\n");

        assertThat(said(client.response()).get("path")).isEqualTo("/" + i);
      }
      assertThat(running.gateway().summary().connections()).isEqualTo(1);
      assertThat(running.gateway().summary().streams()).isEqualTo(3);
    }
  }

  @Test
  void requestsSentAtOnceAreAnsweredInOrder() {
    try (RunningGateway running =
            RunningGateway.to(new ClusterSettings.Echo(200, Duration.ofMillis(3)));
        RawClient client = running.connect()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        all.append("POST /").append(i).append(" HTTP/1.1\nHost: x\nContent-Length: 2\n\nab");
      }
      client.send(all.toString());

      for (int i = 0; i < 200; i++) {
        assertThat(said(client.response()).get("path")).isEqualTo("/" + i);
      }
      assertThat(running.stopped()).hasSize(200).containsOnly("via_upstream");
    }
  }

  @Test
  void chunksAndTrailersComeThrough() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      client.send(
          "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n3\nabc\n2\nde\n0\nX-T: 1\n\n");

      assertThat(said(client.response()).get("body_bytes")).hasToString("5");
    }
  }

  @Test
  void headHasTheHeadersOfGetAndNoBody() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      client.send("HEAD /a HTTP/1.1\nHost: x\n\n");
      RawClient.Response head = client.response(true);
      client.send(GET);
      RawClient.Response get = client.response();

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers().get("content-type")).isEqualTo("application/json");
      // The bodies differ in the method that they name, by one letter.
      assertThat(Integer.parseInt(head.headers().get("content-length")))
          .isEqualTo(get.body().length() + 1);
    }
  }

  @Test
  void continueIsSaidBeforeTheBodyComes() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      client.send("POST / HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 2\n\n");
      assertThat(client.response().status()).isEqualTo(100);
      client.send("ab");

      assertThat(client.response().status()).isEqualTo(200);
    }
  }

  @Test
  void http10ClosesUnlessAskedToKeep() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect();
        RawClient keeping = running.connect()) {
      client.send("GET / HTTP/1.0\nHost: x\n\n");
      assertThat(client.response().headers().get("connection")).isEqualTo("close");
      assertThat(client.rest()).isEmpty();

      keeping.send("GET / HTTP/1.0\nHost: x\nConnection: keep-alive\n\n");
      assertThat(keeping.response().headers().get("connection")).isEqualTo("keep-alive");
      keeping.send("GET / HTTP/1.0\nHost: x\n\n");
      assertThat(keeping.response().status()).isEqualTo(200);
    }
  }

  @Test
  void closeIsKept() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      client.send("GET / HTTP/1.1\nHost: x\nConnection: close\n\n" + GET);

      assertThat(client.response().headers().get("connection")).isEqualTo("close");
      assertThat(client.rest()).isEmpty();
      assertThat(running.stopped()).hasSize(1);
    }
  }

  @Test
  void theAbsoluteFormNamesTheHost() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      client.send("GET http://other:1/p HTTP/1.1\nHost: x\n\n");
      RawClient.Response response = client.response();

      assertThat(said(response).get("host")).isEqualTo("other:1");
      assertThat(said(response).get("path")).isEqualTo("/p");
    }
  }

  @Test
  void whatIsNoRequestIsRefusedAndCounted() {
    Map<String, List<Object>> cases =
        Map.of(
            "NO REQUEST AT ALL\n\n",
            List.of(400, "http1.codec_error"),
            "GET nowhere HTTP/1.1\nHost: x\n\n",
            List.of(400, "http1.invalid_url"),
            "GET / HTTP/1.1\nHost: x\nA: " + "y".repeat(70_000) + "\n\n",
            List.of(431, "http1.headers_too_large"),
            "GET /" + "y".repeat(70_000) + " HTTP/1.1\nHost: x\n\n",
            List.of(431, "http1.headers_too_large"),
            "GET / HTTP/1.1\nHost: x\n" + "a: b\n".repeat(100) + "\n",
            List.of(431, "http1.too_many_headers"),
            "POST / HTTP/1.1\nHost: x\nContent-Length: 1\nTransfer-Encoding: chunked\n\n0\n\n",
            List.of(400, "http1.content_length_and_chunked_not_allowed"),
            "POST / HTTP/1.1\nHost: x\nContent-Length: 1\nContent-Length: 2\n\na",
            List.of(400, "http1.codec_error"),
            "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\nno number\n",
            List.of(400, "http1.codec_error"),
            "GET / HTTP/1.1\n\n",
            List.of(400, "missing_host_header"));
    cases.forEach(
        (request, expected) -> {
          try (RunningGateway running = RunningGateway.echo();
              RawClient client = running.connect()) {
            client.send(request);

            RawClient.Response response = client.response();

            assertThat(List.of(response.status(), running.stopped().get(0)))
                .as(request.substring(0, Math.min(60, request.length())))
                .isEqualTo(expected);
          }
        });
  }

  @Test
  void anUpgradeThatNoRouteAllowsIsRefused() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      client.send("GET / HTTP/1.1\nHost: x\nConnection: Upgrade\nUpgrade: websocket\n\n");

      assertThat(client.response().status()).isEqualTo(403);
      assertThat(running.stopped()).containsExactly("upgrade_failed");
    }
  }

  @Test
  void anAnswerBeforeTheEndOfTheRequestReachesTheClientAndCloses() {
    GatewaySettings settings =
        GatewaySettings.to("only", ClusterSettings.Echo.PLAIN)
            .through(
                List.of(
                    new FilterSettings.ApiKeys(
                        "authorization", Map.of(), false, FilterSettings.Style.ENVOY, "identity")),
                List.of());
    try (RunningGateway running = RunningGateway.with(settings);
        RawClient client = running.connect()) {
      client.send("POST / HTTP/1.1\nHost: x\nContent-Length: 300000\n\n");
      client.send("x".repeat(100_000));

      RawClient.Response response = client.response();

      assertThat(response.status()).isEqualTo(401);
      assertThat(response.headers().get("connection")).isEqualTo("close");
      assertThat(client.rest()).isEmpty();
      assertThat(running.stopped()).containsExactly("ext_authz_denied");
    }
  }

  @Test
  void aLargeAnswerBeforeTheEndOfTheRequestIsSentWhole() {
    GatewaySettings settings =
        new GatewaySettings(
            List.of(
                new RouteSettings(
                    "",
                    RouteSettings.Match.ALL,
                    new RouteSettings.DirectResponse(200, "x".repeat(8_000_000)),
                    Optional.empty(),
                    RetryPolicy.NONE)),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty());
    try (RunningGateway running = RunningGateway.with(settings);
        RawClient client = running.connect()) {
      client.send("POST / HTTP/1.1\nHost: x\nContent-Length: 9\n\nabc");
      RunningGateway.pause(200);

      assertThat(client.response().body()).hasSize(8_000_000);
      assertThat(client.rest()).isEmpty();
    }
  }

  /** Expected: Envoy source/common/http/http1/balsa_parser.cc, isUrlValid and isVersionValid. */
  @ParameterizedTest
  @ValueSource(strings = {"GET /\u00c3\u00a9 HTTP/1.1", "GET / HTTP/11.1", "GET / HTPT/1.1"})
  void aLineThatEnvoysParserDoesNotTakeIsRefused(String line) {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      assertThat(client.send(line + "\nHost: x\n\n").response().status()).isEqualTo(400);
      assertThat(running.stopped()).containsExactly("http1.codec_error");
    }
  }

  /** Expected: balsa_parser.cc, isHttp11, and codec_impl.cc, HTTP_10_RESPONSE_PREFIX. */
  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0", "HTTP/9.9", "HTTP/2.0"})
  void otherVersionsAreTakenForHttp10(String version) {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      client.send("GET / " + version + "\nHost: x\n\n");

      assertThat(client.line()).isEqualTo("HTTP/1.0 200 OK");
      assertThat(client.rest()).contains("connection: close");
    }
  }

  /** Derived from Envoy source/common/http/header_map_impl.cc, appendToHeader. */
  @Test
  void twoHostsBecomeOneAuthority() {
    try (RunningGateway running = RunningGateway.echo();
        RawClient client = running.connect()) {
      client.send("GET / HTTP/1.1\nHost: a\nX: y\nHost: b\n\n");

      assertThat(client.response().body()).contains("\"host\":\"a,b\"");
    }
  }
}
