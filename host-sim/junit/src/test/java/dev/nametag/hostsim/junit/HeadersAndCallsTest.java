package dev.nametag.hostsim.junit;

import static dev.nametag.hostsim.stream.StreamEnding.Position.BEFORE_OURS;
import static dev.nametag.hostsim.upstream.HttpUpstream.response;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamScript.Act;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.upstream.HttpCall;
import dev.nametag.hostsim.upstream.HttpUpstream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a test sees of a filter that changes headers and bodies, and asks a cluster first. */
class HeadersAndCallsTest {

  /**
   * Asks the cluster {@code auth} about each request, which waits; adds a header and lets it pass
   * if there are any response headers, else answers 401. Writes OK over the response's body, and
   * logs and counts the worker's streams.
   */
  private static final String FILTER =
      """
      (global $waiting (mut i32) (i32.const 0))
      (func (export "proxy_on_vm_start") (param i32 i32) (result i32)
        (drop (call $proxy_define_metric (i32.const 0) «seen» (i32.const 64)))
        (i32.const 1))
      (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
        (drop (call $proxy_increment_metric (i32.load (i32.const 64)) (i64.const 1)))
        (drop (call $proxy_log (i32.const 2) «seen»))
        (drop (call $proxy_add_header_map_value (i32.const 0) «x-seen» «yes»))
        (global.set $waiting (local.get 0))
        (drop (call $proxy_http_call «auth» «%s» «who?» (i32.const 0) (i32.const 0)
          (i32.const 100) (i32.const 68)))
        (i32.const 1))
      (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
        (drop (call $proxy_set_effective_context (global.get $waiting)))
        (if (local.get 2)
          (then (drop (call $proxy_continue_stream (i32.const 0))))
          (else (drop (call $proxy_send_local_response (i32.const 401) «unknown» «who?»
            (i32.const 0) (i32.const 0) (i32.const -1))))))
      (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
        (drop (call $proxy_remove_header_map_value (i32.const 2) «server»))
        (i32.const 0))
      (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
        (drop (call $proxy_set_buffer_bytes (i32.const 1) (i32.const 0) (i32.const 2) «OK»))
        (i32.const 0))
      """
          .formatted(Wat.pairs(":method", "GET", ":path", "/who", ":authority", "auth"));

  @RegisterExtension
  static final EnvoyExtension envoy =
      EnvoyExtension.module(Wat.guest(FILTER)).workers(2).stoppedClock();

  private HttpUpstream.Answer answer = response(200, "ok");

  @BeforeEach
  void setUp() {
    envoy.httpCluster("auth", call -> answer);
  }

  @Test
  void upstreamAndClientGetWhatTheFilterMadeOfIt() {
    envoy
        .request()
        .post("/orders")
        .header("x-mine", "1")
        .header("x-mine", "2")
        .body("one")
        .body("two")
        .trailer("x-sum", "6")
        .responseHeader("server", "secret")
        .responseBody("no")
        .responseTrailer("x-cost", "3")
        .answered(200)
        .upstream(
            got ->
                got.hasHeader("x-mine", "1", "2")
                    .hasHeader("x-seen", "yes")
                    .hasBody("onetwo")
                    .hasTrailer("x-sum", "6")
                    .isComplete())
        .client(
            got ->
                got.hasStatus(200)
                    .hasNoHeader("server")
                    .hasBody("OK")
                    .hasTrailer("x-cost", "3")
                    .isComplete());

    envoy
        .assertThat()
        .httpCalls("auth")
        .extracting(HttpCall::headers, call -> call.body().toString())
        .containsExactly(
            tuple(
                List.of(
                    Header.of(":method", "GET"),
                    Header.of(":path", "/who"),
                    Header.of(":authority", "auth"),
                    // Envoy source/extensions/common/wasm/context.cc, Context::httpCall.
                    Header.of("content-length", "4")),
                "who?"));
  }

  @Test
  void aClusterThatBreaksOffLetsTheFilterAnswer() {
    answer = new HttpUpstream.ResetInResponse(Duration.ofMillis(20));

    envoy
        .request()
        .answered(200)
        .hasCode(401)
        .hasDetails("unknown")
        .upstreamWasNotAsked()
        .client(got -> got.hasHeader("content-type", "text/plain").hasBody("OKo?").isComplete());
  }

  @Test
  void aRequestGoesToTheWorkerThatTheTestNames() {
    for (int i = 0; i < 3; i++) {
      envoy.request().onWorker(1).answered(204).hasCode(204);
    }
    envoy.request().onWorker(0).answered(204).hasCode(204);

    envoy.assertThat().counter("seen").isEqualTo(4);
    envoy.assertThat().hasLogged(LogLevel.INFO, "seen").httpCalls("auth").hasSize(4);
    envoy.assertThat().grpcRequests("auth").isEmpty();
  }

  @Test
  void aFilterInFrontAnswersAndNeitherTheModuleNorUpstreamIsAsked() {
    envoy
        .request()
        .ended(StreamEnding.locallyRateLimited(BEFORE_OURS))
        .hasCode(429)
        .upstreamWasNotAsked()
        .client(got -> got.hasStatus(429).hasBody("local_rate_limited"));

    envoy.assertThat().counter("seen").isZero();
    envoy.assertThat().httpCalls("auth").isEmpty();
  }

  @Test
  void aRequestPlaysAnyScript() {
    envoy
        .request()
        .played(script -> script.met(new Act.Silence()))
        .hasNoCode()
        .client(got -> got.hasBody(""))
        .upstream(1, got -> got.hasHeader(":path", "/").wasReset());
  }

  @Test
  void aFailureShowsWhatWentOver() {
    StreamAssert stream = envoy.request().responseBody("no").answered(200);

    assertThatThrownBy(() -> stream.upstream(got -> got.hasHeader("x-seen", "no")))
        .hasMessageContaining("upstream: expected the header x-seen: no, found")
        .hasMessageContaining("  x-seen: yes");
    assertThatThrownBy(() -> stream.client(got -> got.hasBody("no")))
        .hasMessageContaining("the client: expected the body no, found")
        .hasMessageContaining("  body: OK");
    assertThatThrownBy(() -> stream.client(got -> got.hasNoHeader(":status")))
        .hasMessageContaining("expected no header :status");
    assertThatThrownBy(() -> stream.client(WireAssert::wasReset))
        .hasMessageContaining("expected a message that is broken off");
    assertThatThrownBy(() -> stream.upstream(2, got -> {}))
        .hasMessageContaining("expected try 2 at upstream, found 1 of them");
    assertThatThrownBy(stream::upstreamWasNotAsked)
        .hasMessageContaining("expected no request to upstream, found 1 of them");
  }
}
