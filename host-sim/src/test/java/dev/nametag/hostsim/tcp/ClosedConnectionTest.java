package dev.nametag.hostsim.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.vm.FailurePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Modules that close, and modules that fail. Expected: Envoy wasm_filter_test.cc, CloseDownstream,
 * CloseUpstream, PanicOnNewConnection and its like, BadCode and BadCodeFailOpen; context.cc,
 * closeStream and failStream. Both streams of the test are, outside a test, one connection.
 */
class ClosedConnectionTest {

  private static String trapping(String callback) {
    return switch (callback) {
      case "new_connection" ->
          "(func (export \"proxy_on_new_connection\") (param i32) (result i32) (unreachable))";
      default ->
          "(func (export \"proxy_on_"
              + callback
              + "\") (param i32 i32 i32) (result i32) (unreachable))";
    };
  }

  private static String closing(int stream) {
    return """
        (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
          (call $report «close» (call $proxy_close_stream (i32.const %d)))
          (i32.const 0))
        (func (export "proxy_on_downstream_connection_close") (param i32 i32)
          (call $report «by» (local.get 1)))
        """
        .formatted(stream);
  }

  @ParameterizedTest
  @CsvSource({"2, wasm_downstream_close", "3, wasm_upstream_close"})
  void aModuleClosesTheConnectionBeforeItsBytesGoOn(int stream, String reason) {
    try (SimulatedEnvoy envoy = TcpGuests.start(TcpGuests.module(closing(stream)))) {

      TcpResult result = envoy.connect().sends("Fake").result();

      assertThat(result.closed()).contains(CloseType.LOCAL);
      assertThat(result.closeReason()).isEqualTo(reason);
      assertThat(result.upstream().orElseThrow().chunks()).isEmpty();
      assertThat(envoy.stats().gauge("wasmcustom.close")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.by")).hasValue(1);
    }
  }

  /** Those of HTTP are of no use here: decoder_callbacks_ are not set. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void closingAStreamOfHttpDoesNothing(int stream) {
    try (SimulatedEnvoy envoy = TcpGuests.start(TcpGuests.module(closing(stream)))) {

      TcpResult result = envoy.connect().sends("Fake").result();

      assertThat(result.closed()).isEmpty();
      assertThat(result.upstream().orElseThrow().bytes()).hasToString("Fake");
      assertThat(envoy.stats().gauge("wasmcustom.close")).hasValue(0);
    }
  }

  /** Context::onWrite goes on after onUpstreamData, in which the connection has been closed. */
  @Test
  void upstreamsEndIsToldOfEvenAfterTheDelete() {
    byte[] module =
        TcpGuests.module(
            TcpGuests.LOGGING.replace(
                "(call $show (i32.const 3) (local.get 1))",
                "(drop (call $proxy_close_stream (i32.const 3)))"));
    try (SimulatedEnvoy envoy = TcpGuests.start(module)) {

      TcpResult result = envoy.connect().upstreamEnds().result();

      assertThat(TcpGuests.logged(envoy))
          .containsExactly(
              "0 create",
              "0 new",
              "1 upstream",
              "1 downstream closed",
              "0 done",
              "0 log",
              "0 delete",
              "0 upstream closed");
      assertThat(result.client().ended()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"new_connection", "downstream_data", "upstream_data"})
  void aTrapClosesTheConnection(String callback) {
    try (SimulatedEnvoy envoy = TcpGuests.start(TcpGuests.module(trapping(callback)))) {

      TcpConnection connection = meetAll(envoy, callback);

      TcpResult result = connection.result();
      assertThat(result.closed()).contains(CloseType.LOCAL);
      assertThat(result.closeReason()).isEmpty();
      assertThat(result.client().chunks()).isEmpty();
      assertThat(result.failure()).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"new_connection", "downstream_data", "upstream_data"})
  void withTheOldFailOpenTheConnectionGoesOn(String callback) {
    try (SimulatedEnvoy envoy =
        TcpGuests.builder(TcpGuests.module(trapping(callback)))
            .failurePolicy(FailurePolicy.LEGACY_FAIL_OPEN)
            .start()) {

      TcpResult result = meetAll(envoy, callback).result();

      assertThat(result.closed()).isEmpty();
      assertThat(result.failure()).isPresent();
      assertThat(result.upstream().orElseThrow().bytes()).hasToString("a");
      assertThat(result.client().bytes()).hasToString("b");
    }
  }

  private static TcpConnection meetAll(SimulatedEnvoy envoy, String callback) {
    TcpConnection connection = envoy.connect();
    if (connection.result().upstream().isPresent()) {
      connection.sends("a").upstreamSends("b");
    } else {
      assertThat(callback).isEqualTo("new_connection");
    }
    return connection;
  }

  @Test
  void failClosedClosesLaterConnectionsAtOnce() {
    try (SimulatedEnvoy envoy = TcpGuests.start(TcpGuests.module(trapping("new_connection")))) {
      envoy.connect();

      TcpResult result = envoy.connect().sends("a").result();

      assertThat(result.closed()).contains(CloseType.LOCAL);
      assertThat(result.upstream()).isEmpty();
      assertThat(result.filterRan()).isFalse();
    }
  }

  @Test
  void failOpenLetsLaterConnectionsPass() {
    try (SimulatedEnvoy envoy =
        TcpGuests.builder(TcpGuests.module(trapping("new_connection")))
            .failurePolicy(FailurePolicy.FAIL_OPEN)
            .start()) {
      assertThat(envoy.connect().result().closed()).contains(CloseType.LOCAL);

      TcpResult result = envoy.connect().sends("a").upstreamSends("b").ends().result();

      assertThat(result.upstream().orElseThrow().bytes()).hasToString("a");
      assertThat(result.client().bytes()).hasToString("b");
      assertThat(result.closed()).isEmpty();
    }
  }

  /** CHECK_FAIL_NET comes before the callback, so that other connections of the VM end as well. */
  @Test
  void aTrapClosesOtherConnectionsWhenTheyMoveNext() {
    try (SimulatedEnvoy envoy = TcpGuests.start(TcpGuests.module(trapping("upstream_data")))) {
      TcpConnection quiet = envoy.connect();
      envoy.connect().upstreamSends("b");
      assertThat(quiet.result().closed()).isEmpty();

      quiet.sends("a");

      assertThat(quiet.result().closed()).contains(CloseType.LOCAL);
      assertThat(quiet.result().upstream().orElseThrow().chunks()).isEmpty();
    }
  }

  /** The connection is closed before what the callback has asked for is done. */
  @Test
  void whatATrappedCallbackHasAskedForIsNotDone() {
    byte[] module =
        TcpGuests.module(
            """
            (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
              (drop (call $proxy_continue_stream (i32.const 2)))
              (drop (call $proxy_close_stream (i32.const 2)))
              (unreachable))
            """);
    try (SimulatedEnvoy envoy = TcpGuests.start(module)) {

      TcpResult result = envoy.connect().sends("a").result();

      assertThat(result.closeReason()).isEmpty();
      assertThat(result.upstream().orElseThrow().chunks()).isEmpty();
    }
  }

  /** Context::sendLocalResponse and getConstMap: a connection has nothing of the kind. */
  @Test
  void aConnectionHasNoHeadersAndNothingToAnswer() {
    byte[] module =
        TcpGuests.module(
            """
            (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
              (call $report «answer» (call $proxy_send_local_response (i32.const 403) «» «» «%s»
                (i32.const -1)))
              (call $report «header» (call $proxy_get_header_map_value (i32.const 0) «:path»
                (i32.const 600) (i32.const 604)))
              (call $report «request» (call $proxy_continue_stream (i32.const 0)))
              (i32.const 0))
            """
                .formatted(Wat.pairs()));
    try (SimulatedEnvoy envoy = TcpGuests.start(module)) {

      TcpResult result = envoy.connect().sends("a").result();

      assertThat(result.upstream().orElseThrow().bytes()).hasToString("a");
      assertThat(result.closed()).isEmpty();
      assertThat(envoy.stats().gauge("wasmcustom.answer")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.header")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.request")).hasValue(0);
    }
  }
}
