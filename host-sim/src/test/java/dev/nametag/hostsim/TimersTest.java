package dev.nametag.hostsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Ticks, clocks and the end. Expected: Envoy wasm.cc, Wasm::tickHandler; cpp-host src/wasm.cc. */
class TimersTest {

  private static SimulatedEnvoy start(byte[] module) {
    return SimulatedEnvoy.builder()
        .module(module)
        .clock(new ManualClock(1_700_000_000_000_000_000L))
        .start();
  }

  @Test
  void ticksComeInTheirPeriodUntilItIsZero() {
    byte[] module =
        Wat.guest(
            """
            (global $n (mut i32) (i32.const 0))
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_define_metric (i32.const 0) «ticks» (i32.const 24)))
              (drop (call $proxy_set_tick_period_milliseconds (i32.const 100)))
              (i32.const 1))
            (func (export "proxy_on_tick") (param i32)
              (drop (call $proxy_increment_metric (i32.const 4) (i64.const 1)))
              (global.set $n (i32.add (global.get $n) (i32.const 1)))
              (if (i32.eq (global.get $n) (i32.const 5))
                (then (drop (call $proxy_set_tick_period_milliseconds (i32.const 0))))))
            """);
    try (SimulatedEnvoy envoy = start(module)) {
      envoy.advance(Duration.ofMillis(350));
      // Three each of the main thread and the worker; the canary has none.
      assertThat(envoy.stats().counter("wasmcustom.ticks")).hasValue(6);

      envoy.advance(Duration.ofMinutes(1));

      assertThat(envoy.stats().counter("wasmcustom.ticks")).hasValue(10);
    }
  }

  /** Envoy wasm.cc, Wasm::setTimerPeriod, disables the timer that was running. */
  @Test
  void aTimerThatWasSetAnewLeavesNothingToWaitFor() {
    ManualClock clock = new ManualClock();
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_set_tick_period_milliseconds (i32.const 1000)))
              (drop (call $proxy_set_tick_period_milliseconds (i32.const 0)))
              (i32.const 1))
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (i32.const 1))
            """);
    try (SimulatedEnvoy envoy = SimulatedEnvoy.builder().module(module).clock(clock).start()) {
      long before = clock.monotonicNanos();

      envoy.run(StreamScenario.builder().build());

      assertThat(clock.monotonicNanos()).isEqualTo(before);
    }
  }

  @Test
  void theClockIsTheSimulatedOne() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_set_tick_period_milliseconds (i32.const 7)))
              (i32.const 1))
            (func (export "proxy_on_tick") (param i32)
              (drop (call $proxy_get_current_time_nanoseconds (i32.const 24)))
              (call $report «seconds» (i32.wrap_i64
                (i64.div_u (i64.load (i32.const 24)) (i64.const 1000000000))))
              (call $report «wild» (call $proxy_get_current_time_nanoseconds (i32.const -3))))
            """);
    try (SimulatedEnvoy envoy = start(module)) {
      envoy.advance(Duration.ofSeconds(14));
      assertThat(envoy.stats().gauge("wasmcustom.seconds")).hasValue(1_700_000_014);
      assertThat(envoy.stats().gauge("wasmcustom.wild")).hasValue(6);
    }
  }

  @Test
  void aPluginThatIsNotDoneLivesUntilItSaysSo() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (call $report «too early» (call $proxy_done))
              (i32.const 1))
            (func (export "proxy_on_done") (param i32) (result i32)
              (drop (call $proxy_log (i32.const 2) «not yet»))
              (drop (call $proxy_set_tick_period_milliseconds (i32.const 10)))
              (i32.const 0))
            (func (export "proxy_on_tick") (param i32)
              (drop (call $proxy_log (i32.const 2) «tick»))
              (call $report «done» (call $proxy_done)))
            (func (export "proxy_on_delete") (param i32)
              (drop (call $proxy_log (i32.const 2) «deleted»)))
            """);
    try (SimulatedEnvoy envoy = start(module)) {
      assertThat(envoy.stats().gauge("wasmcustom.too early")).hasValue(1);
      envoy.drain();
      assertThat(Guests.logged(envoy)).containsExactly("not yet", "not yet");

      envoy.advance(Duration.ofSeconds(1));

      assertThat(Guests.logged(envoy).subList(2, 6))
          .containsExactly("tick", "deleted", "tick", "deleted");
      assertThat(Guests.logged(envoy)).hasSize(6);
      assertThat(envoy.stats().gauge("wasmcustom.done")).hasValue(0);
    }
  }
}
