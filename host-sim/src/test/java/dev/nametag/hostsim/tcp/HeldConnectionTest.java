package dev.nametag.hostsim.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.stream.Listener;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.upstream.HttpUpstream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a module holds. Expected: Envoy source/common/network/filter_manager_impl.cc,
 * onContinueReading, and connection_impl.cc, write and readDisable; context.cc, continueStream;
 * wasm_filter_test.cc, StopAndResumeDownstreamViaAsyncCall and StopAndResumeUpstreamViaAsyncCall.
 */
class HeldConnectionTest {

  /** Holds what it is shown; each second it lets go, in the connection that came last. */
  private static final String LETS_GO =
      """
      (global $last (mut i32) (i32.const 0))
      (func (export "proxy_on_configure") (param i32 i32) (result i32)
        (drop (call $proxy_set_tick_period_milliseconds (i32.const 1000)))
        (i32.const 1))
      (func (export "proxy_on_new_connection") (param i32) (result i32)
        (global.set $last (local.get 0))
        (i32.const 0))
      (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
        (call $show (i32.const 2) (local.get 1))
        (i32.const 1))
      (func (export "proxy_on_tick") (param i32)
        (if (global.get $last) (then
          (drop (call $proxy_set_effective_context (global.get $last)))
          BEFORE
          (call $report «continue» (call $proxy_continue_stream (i32.const 2))))))
      """;

  private static SimulatedEnvoy lettingGo(String before) {
    return TcpGuests.start(TcpGuests.module(LETS_GO.replace("BEFORE", before)));
  }

  @Test
  void whatIsHeldIsShownAgainWithWhatFollows() {
    try (SimulatedEnvoy envoy = lettingGo("")) {

      TcpConnection connection = envoy.connect().sends("ab").sends("cd");

      assertThat(connection.result().upstream().orElseThrow().chunks()).isEmpty();
      assertThat(TcpGuests.logged(envoy)).containsExactly("ab", "abcd");
      assertThat(connection.awaits(got -> !got.upstream().orElseThrow().chunks().isEmpty()))
          .isTrue();
      assertThat(connection.result().upstream().orElseThrow().bytes()).hasToString("abcd");
      assertThat(envoy.stats().gauge("wasmcustom.continue")).hasValue(0);
    }
  }

  /** It is the connection's own buffer, which the module keeps until it lets something pass. */
  @Test
  void whatIsHeldCanBeChangedLater() {
    try (SimulatedEnvoy envoy =
        lettingGo(
            """
            (drop (call $proxy_set_buffer_bytes (i32.const 2) (i32.const 0) (i32.const 2) «xyz»))
            """)) {

      TcpConnection connection = envoy.connect().sends("ab").sends("cd");
      envoy.advance(Duration.ofSeconds(1));

      assertThat(connection.result().upstream().orElseThrow().bytes()).hasToString("xyzcd");
    }
  }

  @Test
  void theEndIsHeldWithTheBytes() {
    try (SimulatedEnvoy envoy = lettingGo("")) {
      TcpConnection connection = envoy.connect().sends("ab").ends();
      assertThat(connection.result().upstream().orElseThrow().ended()).isFalse();

      envoy.advance(Duration.ofSeconds(1));

      assertThat(connection.result().upstream().orElseThrow().bytes()).hasToString("ab");
      assertThat(connection.result().upstream().orElseThrow().ended()).isTrue();
      assertThat(connection.result().closed()).isEmpty();
    }
  }

  /** Upstream's end with the client's closes the connection, whatever is held. */
  @Test
  void whatIsHeldIsLostWhenBothHaveEnded() {
    try (SimulatedEnvoy envoy = lettingGo("")) {

      TcpConnection connection = envoy.connect().sends("ab").ends().upstreamEnds();

      assertThat(connection.result().closed()).contains(CloseType.LOCAL);
      assertThat(connection.result().upstream().orElseThrow().chunks()).isEmpty();
    }
  }

  /** The action comes before the answer of the callback is looked at, and empties the buffer. */
  @Test
  void aCallbackThatHoldsAndContinuesLetsPass() {
    byte[] module =
        TcpGuests.module(
            """
            (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
              (drop (call $proxy_continue_stream (i32.const 2)))
              (drop (call $proxy_continue_stream (i32.const 2)))
              (call $show (i32.const 2) (local.get 1))
              (i32.const 1))
            """);
    try (SimulatedEnvoy envoy = TcpGuests.start(module)) {

      TcpResult result = envoy.connect().sends("ab").sends("cd").ends().result();

      assertThat(TcpGuests.logged(envoy)).containsExactly("ab", "cd");
      assertThat(result.upstream().orElseThrow().bytes()).hasToString("abcd");
      assertThat(result.upstream().orElseThrow().ended()).isTrue();
    }
  }

  /**
   * TcpProxy, Filter::initialize: nothing is read before upstream is connected to, which it is once
   * the module has let the connection go on.
   */
  @Test
  void aHeldConnectionIsNotReadUntilACallIsAnswered() {
    byte[] module =
        TcpGuests.module(
            """
            (global $waiting (mut i32) (i32.const 0))
            (func (export "proxy_on_new_connection") (param i32) (result i32)
              (global.set $waiting (local.get 0))
              (call $report «called» (call $proxy_http_call «auth» «%s» (i32.const 0) (i32.const 0)
                (i32.const 0) (i32.const 0) (i32.const 1000) (i32.const 24)))
              (i32.const 1))
            (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
              (drop (call $proxy_set_effective_context (global.get $waiting)))
              (call $report «continue» (call $proxy_continue_stream (i32.const 2))))
            (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
              (call $show (i32.const 2) (local.get 1))
              (i32.const 0))
            """
                .formatted(Wat.pairs(":method", "POST", ":path", "/", ":authority", "foo")));
    HttpUpstream.Answer allowed =
        new HttpUpstream.Response(
            Duration.ofMillis(200),
            HttpUpstream.response(200, "").headers(),
            HttpUpstream.response(200, "").body(),
            List.of());
    try (SimulatedEnvoy envoy =
        TcpGuests.builder(module).httpCluster("auth", call -> allowed).start()) {

      TcpConnection connection = envoy.connect().sends("ab").sends("cd");

      assertThat(connection.result().upstream()).isEmpty();
      assertThat(TcpGuests.logged(envoy)).isEmpty();
      assertThat(connection.awaits(got -> got.upstream().isPresent())).isTrue();
      // What has piled up in the socket is read at once.
      assertThat(TcpGuests.logged(envoy)).containsExactly("abcd");
      assertThat(connection.result().upstream().orElseThrow().bytes()).hasToString("abcd");
      assertThat(envoy.stats().gauge("wasmcustom.called")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.continue")).hasValue(0);
    }
  }

  /** There is no way to let upstream's bytes go, but to be shown more and let that pass. */
  @Test
  void whatIsHeldOfUpstreamWaitsForMore() {
    byte[] module =
        TcpGuests.module(
            """
            (func (export "proxy_on_upstream_data") (param i32 i32 i32) (result i32)
              (call $report «continue» (call $proxy_continue_stream (i32.const 3)))
              (call $show (i32.const 3) (local.get 1))
              (i32.lt_u (local.get 1) (i32.const 4)))
            """);
    try (SimulatedEnvoy envoy = TcpGuests.start(module)) {
      TcpConnection connection = envoy.connect().upstreamSends("ab");
      assertThat(connection.result().client().chunks()).isEmpty();

      connection.upstreamSends("cd");

      assertThat(TcpGuests.logged(envoy)).containsExactly("ab", "abcd");
      assertThat(connection.result().client().bytes()).hasToString("abcd");
      assertThat(envoy.stats().gauge("wasmcustom.continue")).hasValue(12);
    }
  }

  /** Context::onWrite tells of the close whatever the module answers; the end does not go out. */
  @Test
  void upstreamsEndThatIsHeldIsToldOf() {
    try (SimulatedEnvoy envoy = TcpGuests.start(TcpGuests.answering(0, 0, 1))) {
      TcpConnection connection = envoy.connect().upstreamSends("ab").upstreamEnds();

      assertThat(TcpGuests.logged(envoy))
          .containsExactly(
              "0 create", "0 new", "0 upstream", "ab", "1 upstream", "ab", "0 upstream closed");
      assertThat(connection.result().client().ended()).isFalse();
      assertThat(connection.result().closed()).isEmpty();

      connection.ends();

      assertThat(connection.result().closed()).contains(CloseType.LOCAL);
      assertThat(connection.result().client().chunks()).isEmpty();
    }
  }

  /** WatermarkBuffer: above the limit until half of it is free again. */
  @Test
  void aClientWaitsWhenTooMuchIsHeld() {
    byte[] module =
        TcpGuests.module(
            LETS_GO.replace(
                "BEFORE",
                """
                (drop (call $proxy_set_buffer_bytes (i32.const 2) (i32.const 0) (i32.const 2) «»))
                """));
    try (SimulatedEnvoy envoy = TcpGuests.start(module)) {
      TcpConnection connection =
          envoy.connect(TcpSetup.PLAIN.on(Listener.PLAIN.limitedTo(4))).sends("abcde").sends("f");
      assertThat(TcpGuests.logged(envoy)).containsExactly("abcde");

      envoy.advance(Duration.ofSeconds(1));

      assertThat(TcpGuests.logged(envoy)).containsExactly("abcde", "f");
      assertThat(connection.result().upstream().orElseThrow().bytes()).hasToString("cde");
    }
  }

  /** Context::getBuffer: outside, there is nothing to read and nothing to change. */
  @Test
  void whatPassesIsThereInItsCallbackOnly() {
    byte[] module =
        TcpGuests.module(
            """
            (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
              (call $report «own» (call $proxy_set_buffer_bytes (i32.const 2) (i32.const 0)
                (i32.const 5) «write»))
              (call $report «other» (call $proxy_set_buffer_bytes (i32.const 3) (i32.const 0)
                (i32.const 1) «x»))
              (i32.const 0))
            (func (export "proxy_on_log") (param i32)
              (call $report «late» (call $proxy_set_buffer_bytes (i32.const 2) (i32.const 0)
                (i32.const 1) «x»))
              (call $report «read late» (call $proxy_get_buffer_bytes (i32.const 2) (i32.const 0)
                (i32.const 9) (i32.const 600) (i32.const 604))))
            """);
    try (SimulatedEnvoy envoy = TcpGuests.start(module)) {

      TcpResult result = envoy.connect().sends("Fake").resets().result();

      assertThat(result.upstream().orElseThrow().bytes()).hasToString("write");
      assertThat(envoy.stats().gauge("wasmcustom.own")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.other")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.late")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.read late")).hasValue(0);
    }
  }
}
