package dev.nametag.hostsim.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamScript.Act;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What becomes of bodies that filters hold. Expected: Envoy source/common/http/filter_manager.cc,
 * requestDataTooLarge, responseDataTooLarge and commonHandleAfterDataCallback;
 * source/extensions/common/wasm/context.cc, decodeData and encodeData; for retries,
 * source/common/router/router.cc, decodeData. Numbers of statuses: Proxy-Wasm ABI.
 */
class BufferLimitTest {

  private static final int CONTINUE = 0;
  private static final int PAUSE = 1;
  private static final int BUFFER = 1;
  private static final int WATERMARK = 2;
  private static final int NO_BUFFER = 3;
  private static final int STOP_ALL_AND_BUFFER = 3;
  private static final int LIMIT = 10;
  private static final ByteString SIX = ByteString.utf8("123456");
  private static final ByteString FOUR = ByteString.utf8("7890");
  private static final ByteString ONE = ByteString.utf8("1");

  /**
   * A module whose callbacks answer that, but let the end of a request's body pass; that logs them,
   * and the details in the end; that reports the size of the body that it sees, and that continues
   * both directions in each tick.
   */
  private static byte[] answering(
      int requestHeaders, int requestBody, int responseHeaders, int responseBody) {
    return Wat.guest(
        """
        (global $stream (mut i32) (i32.const 0))
        (func (export "proxy_on_configure") (param i32 i32) (result i32)
          (drop (call $proxy_set_tick_period_milliseconds (i32.const 10)))
          (i32.const 1))
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (global.set $stream (local.get 0))
          (i32.const %d))
        (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
          (drop (call $proxy_log (i32.const 2) «request_body»))
          (call $report «seen» (local.get 1))
          (select (i32.const 0) (i32.const %d) (local.get 2)))
        (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
          (drop (call $proxy_log (i32.const 2) «response_headers»))
          (i32.const %d))
        (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
          (drop (call $proxy_log (i32.const 2) «response_body»))
          (call $report «seen» (local.get 1))
          (i32.const %d))
        (func (export "proxy_on_tick") (param i32)
          (if (i32.eqz (call $proxy_set_effective_context (global.get $stream))) (then
            (drop (call $proxy_continue_stream (i32.const 0)))
            (drop (call $proxy_continue_stream (i32.const 1))))))
        (func (export "proxy_on_log") (param i32)
          (drop (call $proxy_get_property «response\\00code_details» (i32.const 64) (i32.const 68)))
          (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 64)) (i32.load (i32.const 68)))))
        """
            .formatted(requestHeaders, requestBody, responseHeaders, responseBody));
  }

  private static SimulatedEnvoy start(byte[] module) {
    return SimulatedEnvoy.builder()
        .engine(Engines.forManyModules())
        .module(module)
        .clock(new ManualClock())
        .start();
  }

  private static StreamScript limited(StreamScript script) {
    return script.on(Listener.PLAIN.limitedTo(LIMIT));
  }

  private static StreamScript sending(ByteString... chunks) {
    return limited(StreamCases.get()).sending(chunks).met(Act.respond(200));
  }

  private static StreamScript receiving(ByteString... chunks) {
    return limited(StreamCases.get()).met(Act.respond(200).with(chunks));
  }

  @Test
  void aRequestThatTheModuleBuffersMayBeAsLongAsTheLimit() {
    try (SimulatedEnvoy envoy = start(answering(CONTINUE, BUFFER, CONTINUE, CONTINUE))) {
      StreamRun.Outcome outcome = envoy.play(sending(SIX, FOUR));

      assertThat(outcome.result().code()).hasValue(200);
      assertThat(outcome.upstream().get(0).body()).hasToString("1234567890");
    }
  }

  @Test
  void oneByteMoreIsAnsweredWith413ThroughTheFiltersOnceTheModuleHasSeenIt() {
    try (SimulatedEnvoy envoy = start(answering(CONTINUE, BUFFER, CONTINUE, CONTINUE))) {
      StreamRun.Outcome outcome = envoy.play(sending(SIX, FOUR, ONE));

      assertThat(outcome.result().code()).hasValue(413);
      assertThat(outcome.client().body()).hasToString("Payload Too Large");
      assertThat(envoy.stats().gauge("wasmcustom.seen")).hasValue(17);
      assertThat(Guests.logged(envoy))
          .containsExactly(
              "request_body",
              "request_body",
              "request_body",
              "response_headers",
              "response_body",
              "request_payload_too_large");
    }
  }

  @Test
  void aBodyThatComesBehindBufferedHeadersIsNotShownWhenItIsTooLarge() {
    try (SimulatedEnvoy envoy = start(answering(STOP_ALL_AND_BUFFER, CONTINUE, 0, 0))) {
      StreamRun.Outcome outcome = envoy.play(sending(SIX, SIX));

      assertThat(outcome.result().code()).hasValue(413);
      assertThat(Guests.logged(envoy))
          .containsExactly("response_headers", "response_body", "request_payload_too_large");
    }
  }

  @Test
  void behindPausedHeadersTheClientWaitsInstead() {
    try (SimulatedEnvoy envoy = start(answering(PAUSE, CONTINUE, CONTINUE, CONTINUE))) {
      StreamRun.Outcome outcome = envoy.play(sending(SIX, SIX, SIX, SIX, SIX));

      assertThat(outcome.result().code()).hasValue(200);
      // Two parts pass the limit; the others come when the module has let those go.
      assertThat(outcome.upstream().get(0).chunks())
          .containsExactly(SIX.concat(SIX), SIX, SIX, SIX);
    }
  }

  @Test
  void whatTheModuleDoesNotWantBufferedIsGone() {
    try (SimulatedEnvoy envoy = start(answering(CONTINUE, NO_BUFFER, CONTINUE, CONTINUE))) {
      StreamRun.Outcome outcome = envoy.play(sending(SIX, SIX, ONE));

      assertThat(outcome.upstream().get(0).body()).isEqualTo(ONE);
    }
  }

  @Test
  void aModuleCannotGrowWhatItHoldsBeyondTheLimitEither() {
    byte[] module =
        Wat.guest(
            """
            (global $stream (mut i32) (i32.const 0))
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_set_tick_period_milliseconds (i32.const 10)))
              (i32.const 1))
            (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
              (global.set $stream (local.get 0))
              (i32.const 1))
            (func (export "proxy_on_tick") (param i32)
              (drop (call $proxy_set_effective_context (global.get $stream)))
              (drop (call $proxy_set_buffer_bytes (i32.const 0) (i32.const 999) (i32.const 0)
                «more»)))
            """);
    try (SimulatedEnvoy envoy = start(module)) {
      StreamScript script = limited(StreamCases.get()).sending(SIX);

      assertThat(envoy.play(script).result().details()).isEqualTo("request_payload_too_large");
    }
  }

  @Test
  void aResponseThatIsTooLargeBehindBufferedHeadersIsAnsweredWith500PastTheFilters() {
    try (SimulatedEnvoy envoy =
        start(answering(CONTINUE, CONTINUE, STOP_ALL_AND_BUFFER, CONTINUE))) {
      StreamRun.Outcome outcome = envoy.play(receiving(SIX, SIX));

      assertThat(outcome.result().code()).hasValue(500);
      assertThat(outcome.client().body()).hasToString("Internal Server Error");
      assertThat(Guests.logged(envoy))
          .containsExactly("response_headers", "response_payload_too_large");
    }
  }

  @Test
  void aResponseOfWhichTheClientHasTheHeadersIsBrokenOff() {
    try (SimulatedEnvoy envoy = start(answering(CONTINUE, CONTINUE, CONTINUE, BUFFER))) {
      StreamRun.Outcome outcome = envoy.play(receiving(SIX, SIX));

      assertThat(outcome.result().code()).hasValue(200);
      assertThat(outcome.client().reset()).isTrue();
      assertThat(outcome.client().chunks()).isEmpty();
      // The part that is too much is not shown to the module any more.
      assertThat(Guests.logged(envoy))
          .containsExactly("response_headers", "response_body", "response_payload_too_large");
    }
  }

  @Test
  void behindPausedHeadersUpstreamWaitsInstead() {
    try (SimulatedEnvoy envoy = start(answering(CONTINUE, CONTINUE, PAUSE, CONTINUE))) {
      StreamRun.Outcome outcome = envoy.play(receiving(SIX, SIX, SIX, SIX));

      assertThat(outcome.result().code()).hasValue(200);
      assertThat(outcome.client().chunks()).containsExactly(SIX.concat(SIX), SIX, SIX);
    }
  }

  @Test
  void withoutALimitEverythingIsHeld() {
    try (SimulatedEnvoy envoy = start(answering(CONTINUE, BUFFER, CONTINUE, CONTINUE))) {
      StreamScript script = sending(SIX, SIX, SIX).on(Listener.PLAIN.limitedTo(0));

      assertThat(envoy.play(script).upstream().get(0).body().size()).isEqualTo(18);
    }
  }

  private static StreamScript retried(ByteString... chunks) {
    Route route =
        Route.to(Route.Cluster.of("up", "10.0.0.2:80"))
            .retrying(RetryPolicy.of(1, RetryPolicy.On.FIVE_XX));
    return limited(StreamCases.get())
        .routed(headers -> Optional.of(route))
        .sending(chunks)
        .met(Act.respond(503), Act.respond(200));
  }

  @Test
  void aBodyUpToTheLimitIsKeptForARetry() {
    try (SimulatedEnvoy envoy = start(answering(0, 0, 0, 0))) {
      StreamRun.Outcome outcome = envoy.play(retried(SIX, FOUR));

      assertThat(outcome.upstream().get(1).body()).hasToString("1234567890");
      assertThat(outcome.result().code()).hasValue(200);
    }
  }

  @Test
  void aLargerOneIsSentButOnce() {
    try (SimulatedEnvoy envoy = start(answering(0, 0, 0, 0))) {
      StreamRun.Outcome outcome = envoy.play(retried(SIX, FOUR, ONE));

      assertThat(outcome.upstream()).hasSize(1);
      assertThat(outcome.upstream().get(0).body()).hasToString("12345678901");
      assertThat(outcome.result().code()).hasValue(503);
      // Not URX: the router has forgotten that it would have tried again.
      assertThat(outcome.result().flags()).isZero();
    }
  }

  /** A client that sends whenever it may, and both ends' count of what is between them. */
  private static final class Flow implements Downstream, Upstream {
    private final List<UpstreamAttempt> attempts = new ArrayList<>();
    private final List<ByteString> parts = new ArrayList<>();
    private boolean paused;
    private long sent;
    private long arrived;
    private long most;

    void sending(HttpStream stream, ByteString chunk, boolean end) {
      sent += chunk.size();
      stream.requestBody(chunk, end);
      most = Math.max(most, sent - arrived);
    }

    @Override
    public void pauseRequest(boolean wanted) {
      paused = wanted;
    }

    @Override
    public void headers(UpstreamAttempt attempt, List<Header> headers, boolean endOfStream) {
      attempts.add(attempt);
    }

    @Override
    public void body(UpstreamAttempt attempt, ByteString chunk, boolean endOfStream) {
      arrived += chunk.size();
      parts.add(chunk);
    }

    @Override
    public void trailers(UpstreamAttempt attempt, List<Header> trailers) {}

    @Override
    public void reset(UpstreamAttempt attempt) {}

    @Override
    public void informational(List<Header> headers) {}

    @Override
    public void headers(List<Header> headers, boolean endOfStream) {}

    @Override
    public void body(ByteString chunk, boolean endOfStream) {}

    @Override
    public void trailers(List<Header> trailers) {}

    @Override
    public void reset() {}
  }

  @Test
  void aModuleThatWantsTheRestToWaitGetsItInParts() {
    try (SimulatedEnvoy envoy = start(answering(CONTINUE, WATERMARK, CONTINUE, CONTINUE))) {
      Flow flow = flowing(envoy, Listener.PLAIN.limitedTo(LIMIT), SIX, 5);

      assertThat(flow.parts).containsExactly(SIX.concat(SIX), SIX.concat(SIX), SIX);
    }
  }

  @Test
  void howeverMuchComesNoMoreThanTheLimitAndOnePartIsHeld() {
    int parts = 3_200;
    ByteString part = ByteString.of(new byte[64 * 1024]);
    try (SimulatedEnvoy envoy = start(answering(CONTINUE, WATERMARK, CONTINUE, CONTINUE))) {
      Flow flow = flowing(envoy, Listener.PLAIN, part, parts);

      assertThat(flow.arrived).isEqualTo(parts * 64L * 1024);
      assertThat(flow.most).isEqualTo(Listener.DEFAULT_BUFFER_LIMIT_BYTES + part.size());
    }
  }

  private static Flow flowing(SimulatedEnvoy envoy, Listener listener, ByteString part, int parts) {
    Flow flow = new Flow();
    StreamScript script = StreamCases.get().on(listener);
    HttpStream stream = envoy.open(script.setup(), flow, flow);
    stream.requestHeaders(script.headers(), false);
    for (int i = 0; i < parts; i++) {
      flow.sending(stream, part, i == parts - 1);
      if (flow.paused) {
        envoy.advance(Duration.ofMillis(10));
      }
    }
    stream.clientLeft();
    return flow;
  }
}
