package dev.nametag.hostsim.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules that make of a connection more than the host can bear. The limits are ours. */
@Timeout(120)
class HostileConnectionTest {

  private static final int MIB = 1 << 20;

  /** Holds everything; each millisecond it adds 4 MiB to the connection that came last. */
  private static final String SWELLING =
      """
      (global $last (mut i32) (i32.const 0))
      (func (export "proxy_on_configure") (param i32 i32) (result i32)
        (drop (memory.grow (i32.const 70)))
        (drop (call $proxy_set_tick_period_milliseconds (i32.const 1)))
        (i32.const 1))
      (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
        (global.set $last (local.get 0))
        (i32.const 1))
      (func (export "proxy_on_upstream_data") (param i32 i32 i32) (result i32)
        (global.set $last (local.get 0))
        (i32.const 1))
      (func (export "proxy_on_tick") (param i32)
        (if (global.get $last) (then
          (drop (call $proxy_set_effective_context (global.get $last)))
          (drop (call $proxy_set_buffer_bytes (i32.const BUFFER) (i32.const -1) (i32.const 0)
            (i32.const 0) (i32.const 4194304)))
          THEN)))
      """;

  private static SimulatedEnvoy swelling(int buffer, String then) {
    return TcpGuests.start(
        TcpGuests.module(
            SWELLING.replace("BUFFER", Integer.toString(buffer)).replace("THEN", then)));
  }

  private static void assertSwollen(TcpResult result) {
    assertThat(result.closed()).contains(CloseType.LOCAL);
    assertThat(result.closeReason()).isEqualTo("more than 64 MiB added");
    assertThat(result.failure()).isEmpty();
  }

  @Test
  void whatIsHeldCannotBecomeEverLonger() {
    try (SimulatedEnvoy envoy = swelling(2, "")) {
      TcpConnection connection = envoy.connect().sends("a");

      envoy.advance(Duration.ofMillis(16));
      assertThat(connection.result().closed()).isEmpty();
      envoy.advance(Duration.ofMillis(1));

      assertSwollen(connection.result());
    }
  }

  @Test
  void whatIsHeldOfUpstreamCannotEither() {
    try (SimulatedEnvoy envoy = swelling(3, "")) {
      TcpConnection connection = envoy.connect().upstreamSends("a");

      envoy.advance(Duration.ofMillis(17));

      assertSwollen(connection.result());
    }
  }

  @Test
  void bytesCannotBeMadeOfNothingForEver() {
    try (SimulatedEnvoy envoy = swelling(2, "(drop (call $proxy_continue_stream (i32.const 2)))")) {
      TcpConnection connection = envoy.connect().sends("a");

      envoy.advance(Duration.ofMillis(40));

      assertSwollen(connection.result());
      // What came before is there.
      assertThat(connection.result().upstream().orElseThrow().bytes().size())
          .isBetween(64 * MIB, 69 * MIB);
    }
  }

  @Test
  void howMuchAClientSendsIsNotBounded() {
    try (SimulatedEnvoy envoy = TcpGuests.start(TcpGuests.module(""))) {
      TcpConnection connection = envoy.connect();
      ByteString much = ByteString.of(new byte[40 * MIB]);

      connection.sends(much).sends(much);

      assertThat(connection.result().closed()).isEmpty();
      assertThat(connection.result().upstream().orElseThrow().bytes().size()).isEqualTo(80 * MIB);
    }
  }

  /** Each that is closed closes the next one: in the end that is a trap, and nothing else. */
  @ParameterizedTest
  @ValueSource(ints = {3, 5000})
  void connectionsThatCloseOneAnother(int number) {
    byte[] module =
        TcpGuests.module(
            """
            (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
              (call $proxy_close_stream (i32.const 2)))
            (func (export "proxy_on_downstream_connection_close") (param i32 i32)
              (drop (call $proxy_set_effective_context
                (i32.add (local.get 0) (i32.const 1))))
              (drop (call $proxy_close_stream (i32.const 2))))
            """);
    try (SimulatedEnvoy envoy = TcpGuests.start(module)) {
      List<TcpConnection> all = Stream.generate(envoy::connect).limit(number).toList();

      all.get(0).sends("a");
      all.forEach(connection -> connection.sends("b"));

      assertThat(all).allMatch(c -> c.result().closed().isPresent());
      assertThat(all.get(0).result().failure().isPresent()).isEqualTo(number > 1000);
    }
  }

  /** Not hostile at all: what one callback asks of many contexts needs no deeper stack. */
  @Test
  void aTickClosesThousandsOfConnections() {
    byte[] module =
        TcpGuests.module(
            """
            (global $id (mut i32) (i32.const 1))
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_set_tick_period_milliseconds (i32.const 1000)))
              (i32.const 1))
            (func (export "proxy_on_tick") (param i32)
              (loop $next
                (global.set $id (i32.add (global.get $id) (i32.const 1)))
                (if (i32.eqz (call $proxy_set_effective_context (global.get $id))) (then
                  (drop (call $proxy_close_stream (i32.const 2)))
                  (br $next)))))
            (func (export "proxy_on_delete") (param i32)
              (drop (call $proxy_log (i32.const 2) «delete»)))
            """);
    try (SimulatedEnvoy envoy = TcpGuests.start(module)) {
      List<TcpConnection> all = Stream.generate(envoy::connect).limit(3000).toList();

      envoy.advance(Duration.ofSeconds(1));

      assertThat(all).allMatch(c -> c.result().closed().isPresent());
      assertThat(all.get(0).result().failure()).isEmpty();
      assertThat(TcpGuests.logged(envoy)).hasSize(3000).containsOnly("delete");
    }
  }
}
