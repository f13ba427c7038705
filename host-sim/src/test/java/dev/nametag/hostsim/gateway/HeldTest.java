package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.testing.Wat;
import org.junit.jupiter.api.Test;

/** A module may hold a request and let it go in a tick, which comes in another thread. */
class HeldTest {

  private static final int REQUESTS = 20;

  private static final byte[] HOLDING =
      Wat.guest(
          """
            (global $held (mut i32) (i32.const 0))
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_set_tick_period_milliseconds (i32.const 10)))
              (i32.const 1))
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (global.set $held (local.get 0))
              (i32.const 1))
            (func (export "proxy_on_tick") (param i32)
              (if (global.get $held) (then
                (drop (call $proxy_set_effective_context (global.get $held)))
                (global.set $held (i32.const 0))
                (drop (call $proxy_continue_stream (i32.const 0))))))
            """);

  @Test
  void requestsThatTheModuleHeldGoOnInOrder() {
    GatewaySettings settings = GatewaySettings.to("only", ClusterSettings.Echo.PLAIN);
    try (RunningGateway running = RunningGateway.running(HOLDING, settings, 1);
        RawClient client = running.connect()) {
      for (int i = 0; i < REQUESTS; i++) {
        client.send("POST /" + i + " HTTP/1.1\nHost: x\nContent-Length: 3\n\nabc");
      }

      for (int i = 0; i < REQUESTS; i++) {
        assertThat(client.response().body())
            .contains("\"path\":\"/" + i + "\"", "\"body_bytes\":3");
      }
      assertThat(running.gateway().summary()).isEqualTo(new Gateway.Summary(1, 20, 20, 0, 0));
    }
  }

  /** The end that the gateway makes of its own faults; nothing of Envoy's. */
  @Test
  void aFaultWhereNobodyElseHearsOfItEndsTheStreamAndIsReported() {
    try (RunningGateway running = RunningGateway.faulty(HOLDING);
        RawClient client = running.connect()) {
      client.send("GET / HTTP/1.1\nHost: x\n\n");

      assertThat(client.rest()).isEmpty();
      assertThat(running.gateway().summary()).isEqualTo(new Gateway.Summary(1, 1, 0, 0, 1));
      assertThat(running.expectedFaults())
          .isNotEmpty()
          .allMatch(f -> f.getMessage().equals("a fault"));
    }
  }
}
