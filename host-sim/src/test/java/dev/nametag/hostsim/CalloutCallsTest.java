package dev.nametag.hostsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.upstream.DnsAnswer;
import dev.nametag.hostsim.upstream.GrpcUpstream;
import dev.nametag.hostsim.upstream.HttpUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected results: Envoy source/extensions/common/wasm/context.cc. */
class CalloutCallsTest {

  private static final String GET = Wat.pairs(":path", "/p", ":method", "POST", ":authority", "a");

  /** Calls once configured, and logs what the answer is. */
  private static byte[] httpGuest(String cluster, String headers, int timeoutMillis) {
    return Wat.guest(
        """
        (func (export "proxy_on_configure") (param i32 i32) (result i32)
          (call $report «called» (call $proxy_http_call «%s» «%s» «the body» (i32.const 0)
            (i32.const 0) (i32.const %d) (i32.const 24)))
          (call $report «token» (i32.load (i32.const 24)))
          (i32.const 1))
        (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
          (call $report «headers» (local.get 2))
          (call $report «body size» (local.get 3))
          (call $report «trailers» (local.get 4))
          (drop (call $proxy_get_buffer_bytes (i32.const 4) (i32.const 0) (i32.const 100)
            (i32.const 16) (i32.const 20)))
          (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
            (i32.load (i32.const 20))))
          (drop (call $proxy_get_header_map_value (i32.const 6) «:status» (i32.const 16)
            (i32.const 20)))
          (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
            (i32.load (i32.const 20))))
          (drop (call $proxy_get_status (i32.const 24) (i32.const 16) (i32.const 20)))
          (call $report «status» (i32.load (i32.const 24))))
        """
            .formatted(cluster, headers, timeoutMillis));
  }

  private static SimulatedEnvoy.Builder builder(byte[] module) {
    return SimulatedEnvoy.builder().module(module).clock(new ManualClock());
  }

  private static long gauge(SimulatedEnvoy envoy, String name) {
    return envoy.stats().gauge("wasmcustom." + name).orElse(-1);
  }

  @Test
  void anHttpResponseArrivesWhenItsTimeHasCome() {
    List<String> asked = new ArrayList<>();
    try (SimulatedEnvoy envoy =
        builder(httpGuest("auth", GET, 1000))
            .httpCluster(
                "auth",
                call -> {
                  asked.add(call.body().toString());
                  return new HttpUpstream.Response(
                      Duration.ofMillis(30),
                      List.of(Header.of(":status", "201"), Header.of("a", "b")),
                      ByteString.utf8("answer"),
                      List.of(Header.of("t", "u")));
                })
            .start()) {
      assertThat(gauge(envoy, "called")).isZero();
      assertThat(gauge(envoy, "token")).isEqualTo(4);
      envoy.advance(Duration.ofMillis(29));
      assertThat(Guests.logged(envoy)).isEmpty();

      envoy.advance(Duration.ofMillis(1));

      // The main thread and one worker; the canary is gone before its answer is there.
      assertThat(Guests.logged(envoy)).containsExactly("answer", "201", "answer", "201");
      assertThat(asked).containsExactly("the body", "the body", "the body");
      assertThat(gauge(envoy, "headers")).isEqualTo(2);
      assertThat(gauge(envoy, "body size")).isEqualTo(6);
      assertThat(gauge(envoy, "trailers")).isEqualTo(1);
    }
  }

  @Test
  void aTimeoutIsAResponseOfTheRouter() {
    try (SimulatedEnvoy envoy =
        builder(httpGuest("auth", GET, 50))
            .httpCluster("auth", call -> new HttpUpstream.Silence())
            .start()) {
      envoy.advance(Duration.ofMillis(50));
      assertThat(Guests.logged(envoy)).startsWith("upstream request timeout", "504");
    }
  }

  @Test
  void aResetInTheResponseHasNothingButAStatus() {
    try (SimulatedEnvoy envoy =
        builder(httpGuest("auth", GET, 50))
            .httpCluster("auth", call -> new HttpUpstream.ResetInResponse(Duration.ZERO))
            .start()) {
      assertThat(gauge(envoy, "headers")).isZero();
      assertThat(gauge(envoy, "status")).isEqualTo(11);
    }
  }

  @Test
  void badHttpCallsAreBadArguments() {
    String noPath = Wat.pairs(":method", "GET", ":authority", "a");
    for (byte[] module :
        List.of(
            httpGuest("unknown", GET, 50),
            httpGuest("auth", noPath, 50),
            httpGuest("auth", GET, -1))) {
      try (SimulatedEnvoy envoy =
          builder(module).httpCluster("auth", call -> new HttpUpstream.Silence()).start()) {
        assertThat(gauge(envoy, "called")).isEqualTo(2);
        assertThat(gauge(envoy, "token")).isZero();
      }
    }
  }

  private static byte[] grpcGuest(String start) {
    return Wat.guest(
        """
        (func (export "proxy_on_configure") (param i32 i32) (result i32)
          %s
          (i32.const 1))
        (func (export "proxy_on_grpc_receive_initial_metadata") (param i32 i32 i32)
          (drop (call $proxy_get_header_map_value (i32.const 4) «m» (i32.const 16) (i32.const 20)))
          (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
            (i32.load (i32.const 20)))))
        (func (export "proxy_on_grpc_receive") (param i32 i32 i32)
          (drop (call $proxy_get_buffer_bytes (i32.const 5) (i32.const 0) (local.get 2)
            (i32.const 16) (i32.const 20)))
          (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
            (i32.load (i32.const 20)))))
        (func (export "proxy_on_grpc_receive_trailing_metadata") (param i32 i32 i32)
          (call $report «trailing» (local.get 2)))
        (func (export "proxy_on_grpc_close") (param i32 i32 i32)
          (call $report «close» (local.get 2))
          (drop (call $proxy_get_status (i32.const 24) (i32.const 16) (i32.const 20)))
          (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
            (i32.load (i32.const 20)))))
        """
            .formatted(start));
  }

  private static final String CALL =
      """
      (call $report «called» (call $proxy_grpc_call «%s» «svc» «Check» (i32.const 0)
        (i32.const 0) «ping» (i32.const 100) (i32.const 24)))
      (call $report «token» (i32.load (i32.const 24)))
      """;

  @Test
  void aGrpcCallBringsOneMessage() {
    try (SimulatedEnvoy envoy =
        builder(grpcGuest(CALL.formatted("authz")))
            .grpcCluster(
                "authz",
                request ->
                    GrpcUpstream.at(
                        new GrpcUpstream.Message(
                            request.message().orElseThrow().concat(ByteString.utf8(" pong"))),
                        new GrpcUpstream.Close(0, "")))
            .start()) {
      assertThat(gauge(envoy, "called")).isZero();
      assertThat(gauge(envoy, "token")).isEqualTo(5);
      assertThat(Guests.logged(envoy)).containsExactly("ping pong", "ping pong");
      assertThat(gauge(envoy, "close")).isEqualTo(-1);
    }
  }

  @Test
  void aGrpcCallOfAClusterInASerialisedServiceFailsWithItsStatus() {
    // GrpcService { envoy_grpc { cluster_name: "authz" } }
    String service = "\\0a\\07\\0a\\05authz";
    try (SimulatedEnvoy envoy =
        builder(grpcGuest(CALL.formatted(service)))
            .grpcCluster("authz", request -> GrpcUpstream.at(new GrpcUpstream.Close(7, "no")))
            .start()) {
      assertThat(gauge(envoy, "close")).isEqualTo(7);
      assertThat(Guests.logged(envoy)).containsExactly("no", "no");
    }
  }

  @Test
  void aServiceThatIsNoneIsAParseFailure() {
    try (SimulatedEnvoy envoy = builder(grpcGuest(CALL.formatted("nowhere"))).start()) {
      assertThat(gauge(envoy, "called")).isEqualTo(4);
    }
  }

  @Test
  void aGrpcStreamSendsAndReceivesUntilItIsClosed() {
    String start =
        """
        (call $report «called» (call $proxy_grpc_stream «authz» «svc» «Watch» (i32.const 0)
          (i32.const 0) (i32.const 24)))
        (call $report «token» (i32.load (i32.const 24)))
        (call $report «send» (call $proxy_grpc_send (i32.const 6) «one» (i32.const 0)))
        (call $report «send to a call» (call $proxy_grpc_send (i32.const 5) «x» (i32.const 0)))
        (call $report «send to none» (call $proxy_grpc_send (i32.const 10) «x» (i32.const 0)))
        (call $report «close none» (call $proxy_grpc_close (i32.const 10)))
        (call $report «cancel none» (call $proxy_grpc_cancel (i32.const 4)))
        """;
    try (SimulatedEnvoy envoy =
        builder(grpcGuest(start))
            .grpcCluster(
                "authz",
                request ->
                    request.message().isEmpty()
                        ? GrpcUpstream.at(
                            new GrpcUpstream.InitialMetadata(List.of(Header.of("m", "meta"))))
                        : GrpcUpstream.at(
                            new GrpcUpstream.Message(request.message().get()),
                            new GrpcUpstream.TrailingMetadata(List.of(Header.of("x", "y"))),
                            new GrpcUpstream.Close(0, "bye")))
            .start()) {
      assertThat(Guests.logged(envoy).subList(0, 3)).containsExactly("meta", "one", "bye");
      assertThat(gauge(envoy, "token")).isEqualTo(6);
      assertThat(gauge(envoy, "trailing")).isEqualTo(1);
      assertThat(gauge(envoy, "close")).isZero();
      assertThat(gauge(envoy, "send")).isZero();
      assertThat(gauge(envoy, "send to a call")).isEqualTo(2);
      assertThat(gauge(envoy, "send to none")).isEqualTo(1);
      assertThat(gauge(envoy, "close none")).isEqualTo(1);
      assertThat(gauge(envoy, "cancel none")).isEqualTo(2);
    }
  }

  @Test
  void aCancelledStreamBringsNothing() {
    String start =
        """
        (drop (call $proxy_grpc_stream «authz» «svc» «Watch» (i32.const 0) (i32.const 0)
          (i32.const 24)))
        (call $report «cancel» (call $proxy_grpc_cancel (i32.const 6)))
        """;
    try (SimulatedEnvoy envoy =
        builder(grpcGuest(start))
            .grpcCluster("authz", request -> GrpcUpstream.at(new GrpcUpstream.Close(3, "late")))
            .start()) {
      assertThat(gauge(envoy, "cancel")).isZero();
      assertThat(Guests.logged(envoy)).isEmpty();
    }
  }

  @Test
  void namesAreResolvedInEnvoysForm() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (call $report «asked» (call $envoy_resolve_dns «db» (i32.const 24)))
              (i32.const 1))
            (func (export "envoy_on_resolve_dns") (param i32 i32 i32)
              (drop (call $proxy_get_buffer_bytes (i32.const 8) (i32.const 0) (local.get 2)
                (i32.const 16) (i32.const 20)))
              (call $report «count» (i32.load (i32.load (i32.const 16))))
              (call $report «ttl» (i32.load offset=4 (i32.load (i32.const 16))))
              (drop (call $proxy_log (i32.const 2)
                (i32.add (i32.load (i32.const 16)) (i32.const 8))
                (i32.sub (i32.load (i32.const 20)) (i32.const 9)))))
            """);
    try (SimulatedEnvoy envoy =
        builder(module).dnsName("db", new DnsAnswer(60, List.of("10.0.0.9:0"))).start()) {
      assertThat(gauge(envoy, "count")).isEqualTo(1);
      assertThat(gauge(envoy, "ttl")).isEqualTo(60);
      assertThat(Guests.logged(envoy)).startsWith("10.0.0.9:0");
    }
  }
}
