package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.tcp.CloseType;
import dev.nametag.hostsim.testing.Wat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A network filter that lets connections pass which begin with the word {@code open}. */
class FirstWordTest {

  private static final String FILTER =
      """
      (global $passed (mut i32) (i32.const 0))
      (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
        (if (i32.eq (local.get 0) (global.get $passed)) (then (return (i32.const 0))))
        (if (i32.lt_u (local.get 1) (i32.const 4)) (then (return (i32.const 1))))
        (drop (call $proxy_get_buffer_bytes (i32.const 2) (i32.const 0) (i32.const 4)
          (i32.const 64) (i32.const 68)))
        (if (i32.eq (i32.load (i32.load (i32.const 64))) (i32.load (i32.const 72)))
          (then (global.set $passed (local.get 0)) (return (i32.const 0))))
        (drop (call $proxy_define_metric (i32.const 0) «turned_away» (i32.const 76)))
        (drop (call $proxy_increment_metric (i32.load (i32.const 76)) (i64.const 1)))
        (drop (call $proxy_close_stream (i32.const 2)))
        (i32.const 1))
      (data (i32.const 72) "open")
      """;

  @RegisterExtension static final EnvoyExtension envoy = EnvoyExtension.module(Wat.guest(FILTER));

  @Test
  void aConnectionThatBeginsWithTheWordGoesOn() {
    envoy
        .connect()
        .sends("op")
        .upstreamGotNothing()
        .sends("en, please")
        .upstreamGot("open, please")
        .upstreamSends("welcome")
        .clientGot("welcome")
        .ends()
        .upstreamEnds()
        .closedBy(CloseType.LOCAL);
  }

  @Test
  void anotherWordIsTheEndOfTheConnection() {
    envoy
        .connect()
        .sends("let me in")
        .closedBy(CloseType.LOCAL)
        .closedBecause("wasm_downstream_close")
        .upstreamGotNothing();

    envoy.assertThat().counter("turned_away").isOne();
  }
}
