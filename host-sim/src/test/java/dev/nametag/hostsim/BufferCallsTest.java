package dev.nametag.hostsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.Connection;
import dev.nametag.hostsim.stream.FilterChain;
import dev.nametag.hostsim.stream.Route;
import dev.nametag.hostsim.stream.StreamRun;
import dev.nametag.hostsim.stream.StreamScript;
import dev.nametag.hostsim.stream.StreamSetup;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Expected results: Envoy source/extensions/common/wasm/context.cc, Buffer::copyFrom. */
class BufferCallsTest {

  private static final StreamScript POST =
      StreamScript.of(
              StreamSetup.of(
                  Connection.plain("127.0.0.1:50000"),
                  FilterChain.OURS_ALONE,
                  headers -> Optional.of(Route.to(Route.Cluster.of("upstream", "10.0.0.2:8080")))),
              List.of(
                  Header.of(":authority", "a"),
                  Header.of(":path", "/"),
                  Header.of(":method", "POST"),
                  Header.of(":scheme", "http")))
          .sending(ByteString.utf8("hello world"))
          .met(StreamScript.Act.respond(200).with(ByteString.utf8("answer")));

  @Test
  void bodiesAreReadAndChanged() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
              (drop (call $proxy_get_buffer_bytes (i32.const 0) (i32.const 6) (i32.const 99)
                (i32.const 16) (i32.const 20)))
              (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
                (i32.load (i32.const 20))))
              (call $report «front» (call $proxy_set_buffer_bytes (i32.const 0) (i32.const 0)
                (i32.const 5) «HELLO, big»))
              (call $report «end» (call $proxy_set_buffer_bytes (i32.const 0) (i32.const 99)
                (i32.const 0) «!»))
              (call $report «middle» (call $proxy_set_buffer_bytes (i32.const 0) (i32.const 3)
                (i32.const 1) «x»))
              (call $report «configuration» (call $proxy_set_buffer_bytes (i32.const 6)
                (i32.const 0) (i32.const 1) «x»))
              (call $report «type» (call $proxy_set_buffer_bytes (i32.const 9) (i32.const 0)
                (i32.const 1) «x»))
              (call $report «absent» (call $proxy_set_buffer_bytes (i32.const 1) (i32.const 0)
                (i32.const 1) «x»))
              (call $report «overflow» (call $proxy_get_buffer_bytes (i32.const 0) (i32.const 12)
                (i32.const -1) (i32.const 16) (i32.const 20)))
              (i32.const 0))
            (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
              (drop (call $proxy_set_buffer_bytes (i32.const 1) (i32.const 0) (i32.const 9999)
                «gone»))
              (i32.const 0))
            """);
    try (SimulatedEnvoy envoy = SimulatedEnvoy.builder().module(module).start()) {

      StreamRun.Outcome outcome = envoy.play(POST);

      assertThat(Guests.logged(envoy)).startsWith("world");
      assertThat(outcome.upstream().get(0).body()).hasToString("HELLO, big world!");
      assertThat(outcome.client().body()).hasToString("gone");
      assertThat(envoy.stats().gauge("wasmcustom.front")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.end")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.middle")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.configuration")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.type")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.absent")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.overflow")).hasValue(0);
    }
  }
}
