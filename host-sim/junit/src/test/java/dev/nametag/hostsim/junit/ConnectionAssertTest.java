package dev.nametag.hostsim.junit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.tcp.CloseType;
import dev.nametag.hostsim.tcp.TcpSetup;
import dev.nametag.hostsim.testing.Wat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test sees of a connection, and that each assertion can fail. */
class ConnectionAssertTest {

  private static final ExtensionContext NONE = null;

  /** Holds new connections for a tick, and traps at the client's end. */
  private final EnvoyExtension envoy =
      EnvoyExtension.module(
              Wat.guest(
                  """
                  (global $last (mut i32) (i32.const 0))
                  (func (export "proxy_on_configure") (param i32 i32) (result i32)
                    (drop (call $proxy_set_tick_period_milliseconds (i32.const 1000)))
                    (i32.const 1))
                  (func (export "proxy_on_new_connection") (param i32) (result i32)
                    (global.set $last (local.get 0))
                    (i32.const 1))
                  (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
                    (if (local.get 2) (then (unreachable)))
                    (i32.const 0))
                  (func (export "proxy_on_tick") (param i32)
                    (if (global.get $last) (then
                      (drop (call $proxy_set_effective_context (global.get $last)))
                      (drop (call $proxy_continue_stream (i32.const 2))))))
                  """))
          .stoppedClock();

  @BeforeEach
  void start() {
    envoy.beforeEach(NONE);
  }

  @AfterEach
  void freeTheModule() {
    envoy.afterAll(NONE);
  }

  @Test
  void whatIsHeldIsWaitedForWhenItShallCome() {
    envoy
        .connect()
        .sends("a")
        .upstreamWasNotAsked()
        .upstreamGot("a")
        .isOpen()
        .upstreamResets()
        .clientGotNothing()
        .closedBy(CloseType.LOCAL);
    assertThatCode(() -> envoy.afterEach(NONE)).doesNotThrowAnyException();
  }

  @Test
  void aTrapIsReportedUnlessItIsAskedFor() {
    envoy.connect().sends("a").upstreamGot("a").ends().trapped("unreachable");
    assertThatCode(() -> envoy.afterEach(NONE)).doesNotThrowAnyException();

    envoy.beforeEach(NONE);
    envoy.connect().sends("a").upstreamGot("a").ends();
    assertThatThrownBy(() -> envoy.afterEach(NONE)).hasMessageContaining("the filter trapped: ");
  }

  @Test
  void aFailureShowsWhatWentOver() {
    ConnectionAssert connection = envoy.connect().sends("up").upstreamGot("up").upstreamSends("x");

    assertThatThrownBy(() -> connection.upstreamGot("down"))
        .hasMessageContaining("expected upstream to get down, found")
        .hasMessageContaining("  upstream: up")
        .hasMessageContaining("  client: x")
        .hasMessageContaining("  closed: no");
    assertThatThrownBy(connection::upstreamGotNothing).hasMessageContaining("nothing");
    assertThatThrownBy(connection::upstreamWasNotAsked).hasMessageContaining("no connection");
    assertThatThrownBy(connection::clientGotNothing).hasMessageContaining("client to get nothing");
    assertThatThrownBy(() -> connection.clientGot("y")).hasMessageContaining("client to get y");
    assertThatThrownBy(() -> connection.closedBecause("x")).hasMessageContaining("the reason x");
    assertThatThrownBy(() -> connection.trapped("x")).hasMessageContaining("a trap with: x");
    assertThatThrownBy(() -> connection.hasFlag(ResponseFlag.NO_HEALTHY_UPSTREAM))
        .hasMessageContaining("flag NO_HEALTHY_UPSTREAM");
    connection.resets();
    assertThatThrownBy(connection::isOpen).hasMessageContaining("  closed: REMOTE");
    assertThatThrownBy(() -> connection.closedBy(CloseType.LOCAL))
        .hasMessageContaining("closed by LOCAL");
    envoy.afterEach(NONE);
  }

  @Test
  void aHostMayRefuse() {
    envoy
        .connect(TcpSetup.PLAIN.toRefusingHost())
        .closedBy(CloseType.LOCAL)
        .hasFlag(ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
    envoy.afterEach(NONE);
  }
}
