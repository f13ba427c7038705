package dev.nametag.hostsim.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamScript.Act;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.vm.FailurePolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Metadata of HTTP/2 at filters. Expected: Envoy context.cc, decodeMetadata and encodeMetadata;
 * source/common/http/filter_manager.cc, decodeMetadata, encodeMetadata, commonContinue and
 * handleMetadataAfterHeadersCallback; router.cc, Filter::decodeMetadata; http1/codec_impl.h,
 * encodeMetadata.
 */
class MetadataFramesTest {

  private static final ByteString A = ByteString.utf8("a");
  private static final ByteString B = ByteString.utf8("b");
  private static final Map<String, String> ONE = Map.of("k", "v");
  private static final Map<String, String> TWO = Map.of("k", "v", "l", "w");
  private static final StreamScript REQUEST =
      StreamCases.get().over(Connection.plain("127.0.0.1:5000").speaking("HTTP/2"));

  /** Logs callbacks, those of metadata with the number of elements; answers as it is told. */
  private static byte[] logging(int headers, int body, String more) {
    return Wat.guest(
        """
        (func $elements (param i32)
          (i32.store8 (i32.const 512) (i32.add (i32.const 48) (local.get 0)))
          (drop (call $proxy_log (i32.const 2) (i32.const 512) (i32.const 1))))
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (drop (call $proxy_log (i32.const 2) «request headers»))
          (i32.const %d))
        (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
          (drop (call $proxy_log (i32.const 2) «request body»))
          (i32.const %d))
        (func (export "proxy_on_request_metadata") (param i32 i32) (result i32)
          (call $elements (local.get 1))
          (i32.const 1))
        (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
          (drop (call $proxy_log (i32.const 2) «response headers»))
          (i32.const %d))
        (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
          (drop (call $proxy_log (i32.const 2) «response body»))
          (i32.const 0))
        (func (export "proxy_on_response_metadata") (param i32 i32) (result i32)
          (call $elements (local.get 1))
          (i32.const 1))
        """
                .formatted(headers, body, headers)
            + more);
  }

  private static SimulatedEnvoy start(byte[] module) {
    return Engines.envoy().module(module).clock(new ManualClock()).start();
  }

  /** Whatever the module answers is Continue. */
  @Test
  void framesComeWhereTheyAreInTheMessage() {
    try (SimulatedEnvoy envoy = start(logging(0, 0, ""))) {

      StreamRun.Outcome outcome =
          envoy.play(
              REQUEST
                  .sending(A, B)
                  .telling(MetadataFrame.of(ONE), new MetadataFrame(1, TWO))
                  .met(
                      Act.respond(200)
                          .with(A)
                          .telling(MetadataFrame.of(TWO), new MetadataFrame(1, ONE))));

      assertThat(Guests.logged(envoy))
          .containsExactly(
              "request headers",
              "1",
              "request body",
              "2",
              "request body",
              "response headers",
              "2",
              "response body",
              "1",
              "response body");
      assertThat(outcome.upstream().get(0).metadata()).containsExactly(ONE, TWO);
      assertThat(outcome.upstream().get(0).body()).hasToString("ab");
      assertThat(outcome.client().metadata()).containsExactly(TWO, ONE);
      assertThat(outcome.client().complete()).isTrue();
    }
  }

  @Test
  void aMessageOfHeadersAndMetadataEndsWithAnEmptyPart() {
    try (SimulatedEnvoy envoy = start(logging(0, 0, ""))) {

      StreamRun.Outcome outcome =
          envoy.play(
              REQUEST
                  .telling(MetadataFrame.of(ONE))
                  .met(Act.respond(200).endingWith(Header.of("t", "1"))));

      assertThat(Guests.logged(envoy))
          .containsExactly("request headers", "1", "request body", "response headers");
      assertThat(outcome.result().code()).hasValue(200);
    }
  }

  /** Upstream may tell before it answers; filters are told after the headers. */
  @Test
  void metadataBeforeTheHeadersWaitsForThem() {
    try (SimulatedEnvoy envoy = start(logging(0, 0, ""))) {
      Wire.Recorder client = new Wire.Recorder();
      HttpStream stream =
          envoy.open(
              REQUEST.setup(),
              client,
              new StreamEnds() {
                @Override
                public void headers(UpstreamAttempt attempt, List<Header> headers, boolean end) {
                  attempt.metadata(ONE);
                  attempt.headers(List.of(Header.of(":status", "200")), false);
                  attempt.metadata(TWO);
                  attempt.body(A, true);
                }
              });

      stream.requestHeaders(REQUEST.headers(), true);

      assertThat(Guests.logged(envoy))
          .containsExactly("request headers", "response headers", "1", "2", "response body");
      assertThat(client.done().metadata()).containsExactly(ONE, TWO);
    }
  }

  private static final String CONTINUES =
      """
      (func (export "proxy_on_configure") (param i32 i32) (result i32)
        (drop (call $proxy_set_tick_period_milliseconds (i32.const 100)))
        (i32.const 1))
      (func (export "proxy_on_tick") (param i32)
        (drop (call $proxy_log (i32.const 2) «tick»))
        (drop (call $proxy_set_effective_context (i32.const 2)))
        (drop (call $proxy_continue_stream (i32.const 0))))
      """;

  @Test
  void framesWaitWithHeadersThatAreHeldAndComeBeforeTheBody() {
    try (SimulatedEnvoy envoy = start(logging(4, 0, CONTINUES))) {

      StreamRun.Outcome outcome =
          envoy.play(REQUEST.sending(A, B).telling(new MetadataFrame(1, TWO)));

      assertThat(Guests.logged(envoy).stream().filter(line -> !line.equals("tick")).toList())
          .containsExactly("request headers", "2", "request body");
      assertThat(outcome.upstream().get(0).metadata()).containsExactly(TWO);
    }
  }

  @Test
  void framesOvertakeABodyThatIsHeld() {
    try (SimulatedEnvoy envoy = start(logging(0, 1, CONTINUES))) {

      StreamRun.Outcome outcome =
          envoy.play(REQUEST.sending(A, B).telling(new MetadataFrame(1, TWO)));

      assertThat(Guests.logged(envoy))
          .startsWith("request headers", "request body", "2", "request body", "tick");
      assertThat(outcome.upstream().get(0).metadata()).containsExactly(TWO);
    }
  }

  @Test
  void aClientOfHttp1GetsNoneThoughFiltersDo() {
    try (SimulatedEnvoy envoy = start(logging(0, 0, ""))) {
      Act.Respond response = Act.respond(200).with(A).telling(MetadataFrame.of(ONE));

      StreamRun.Outcome outcome = envoy.play(StreamCases.get().met(response));

      assertThat(Guests.logged(envoy))
          .containsExactly("request headers", "response headers", "1", "response body");
      assertThat(outcome.client().metadata()).isEmpty();
      assertThatThrownBy(
              () -> envoy.play(StreamCases.get().telling(MetadataFrame.of(ONE)).met(response)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("HTTP/1.1 has no metadata");
    }
  }

  /** CHECK_FAIL_HTTP in onRequestMetadata, which then says Continue all the same. */
  @Test
  void aTrapFailsTheStream() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_request_metadata") (param i32 i32) (result i32)
              (unreachable))
            """);
    StreamScript script = REQUEST.sending(A).telling(MetadataFrame.of(ONE)).met(Act.respond(200));
    try (SimulatedEnvoy envoy = start(module)) {
      assertThat(envoy.play(script).result().code()).hasValue(503);
      assertThat(envoy.play(script).result().details()).isEqualTo("wasm_fail_stream");
    }
    try (SimulatedEnvoy envoy =
        Engines.envoy().module(module).failurePolicy(FailurePolicy.LEGACY_FAIL_OPEN).start()) {
      assertThat(envoy.play(script).result().code()).hasValue(200);
    }
  }

  /** Router, Filter::decodeMetadata: it goes to the try that is there, and is not kept. */
  @Test
  void metadataIsNotSentAgain() {
    try (SimulatedEnvoy envoy = start(logging(0, 0, ""))) {

      StreamRun.Outcome outcome =
          envoy.play(
              REQUEST
                  .sending(A)
                  .telling(MetadataFrame.of(ONE))
                  .routed(headers -> Optional.of(StreamCases.PLAIN.retrying(StreamCases.TWICE)))
                  .met(Act.respond(503), Act.respond(200)));

      assertThat(outcome.upstream()).hasSize(2);
      assertThat(outcome.upstream().get(0).metadata()).containsExactly(ONE);
      assertThat(outcome.upstream().get(1).metadata()).isEmpty();
      assertThat(outcome.upstream().get(1).body()).hasToString("a");
    }
  }

  /** An upstream that only speaks. */
  private abstract static class StreamEnds implements Upstream {
    @Override
    public void body(UpstreamAttempt attempt, ByteString chunk, boolean endOfStream) {}

    @Override
    public void trailers(UpstreamAttempt attempt, List<Header> trailers) {}

    @Override
    public void reset(UpstreamAttempt attempt) {}
  }
}
