package dev.nametag.hostsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.shared.SharedState;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Expected results: proxy-wasm-cpp-host src/shared_data.cc, src/shared_queue.cc. */
class SharedStateTest {

  private static final StreamScenario STREAM = StreamScenario.builder().build();

  private static SimulatedEnvoy start(byte[] module, SharedState shared, String vmId) {
    return SimulatedEnvoy.builder()
        .module(module)
        .clock(new ManualClock())
        .shared(shared)
        .vmId(vmId)
        .workers(2)
        .start();
  }

  private static long gauge(SimulatedEnvoy envoy, String name) {
    return envoy.stats().gauge("wasmcustom." + name).orElse(-1);
  }

  /** Adds one to a shared number with the value's own cas, in each stream. */
  private static final byte[] COUNTER =
      Wat.guest(
          """
          (func (export "proxy_on_log") (param i32)
            (i64.store (i32.const 32) (i64.const 0))
            (i32.store (i32.const 40) (i32.const 0))
            (if (i32.eqz (call $proxy_get_shared_data «n» (i32.const 16) (i32.const 20)
                (i32.const 40)))
              (then (i64.store (i32.const 32) (i64.load (i32.load (i32.const 16))))))
            (call $report «stale» (call $proxy_set_shared_data «n» (i32.const 32) (i32.const 8)
              (i32.add (i32.load (i32.const 40)) (i32.const 7))))
            (i64.store (i32.const 32) (i64.add (i64.load (i32.const 32)) (i64.const 1)))
            (call $report «set» (call $proxy_set_shared_data «n» (i32.const 32) (i32.const 8)
              (i32.load (i32.const 40))))
            (call $report «n» (i32.wrap_i64 (i64.load (i32.const 32)))))
          """);

  @Test
  void workersShareDataAndAStaleCasIsRefused() {
    try (SimulatedEnvoy envoy = start(COUNTER, new SharedState(), "")) {
      // The first set, whatever its cas, is let through: nothing is there yet. The second one then
      // comes with 0, which is any.
      envoy.run(STREAM);
      assertThat(gauge(envoy, "stale")).isZero();
      envoy.run(STREAM);
      assertThat(gauge(envoy, "stale")).isEqualTo(8);
      assertThat(gauge(envoy, "set")).isZero();
      envoy.run(STREAM);
      assertThat(gauge(envoy, "n")).isEqualTo(3);
    }
  }

  @Test
  void pluginsWithoutVmIdShareAndOthersDoNot() {
    SharedState process = new SharedState();
    try (SimulatedEnvoy one = start(COUNTER, process, "");
        SimulatedEnvoy two = start(COUNTER, process, "");
        SimulatedEnvoy other = start(COUNTER, process, "other")) {
      one.run(STREAM);
      two.run(STREAM);
      other.run(STREAM);
      assertThat(gauge(two, "n")).isEqualTo(2);
      assertThat(gauge(other, "n")).isEqualTo(1);
    }
  }

  @Test
  void dataGoesWithTheLastVmOfItsVmId() {
    SharedState process = new SharedState();
    try (SimulatedEnvoy envoy = start(COUNTER, process, "")) {
      envoy.run(STREAM);
    }
    try (SimulatedEnvoy envoy = start(COUNTER, process, "")) {
      envoy.run(STREAM);
      assertThat(gauge(envoy, "n")).isEqualTo(1);
    }
  }

  @Test
  void aQueueTellsWhoRegisteredItAndKeepsItsOrder() {
    byte[] consumer =
        Wat.guest(
            """
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (call $report «registered» (call $proxy_register_shared_queue «q» (i32.const 24)))
              (call $report «token» (i32.load (i32.const 24)))
              (i32.const 1))
            (func (export "proxy_on_queue_ready") (param i32 i32)
              (drop (call $proxy_dequeue_shared_queue (local.get 1) (i32.const 16) (i32.const 20)))
              (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
                (i32.load (i32.const 20))))
              (call $report «then» (call $proxy_dequeue_shared_queue (i32.const 99) (i32.const 16)
                (i32.const 20))))
            (func (export "proxy_on_log") (param i32)
              (call $report «empty» (call $proxy_dequeue_shared_queue (i32.load (i32.const 24))
                (i32.const 16) (i32.const 20))))
            """);
    byte[] producer =
        Wat.guest(
            """
            (func (export "proxy_on_log") (param i32)
              (call $report «none» (call $proxy_resolve_shared_queue «consumer» «no» (i32.const 24)))
              (call $report «found» (call $proxy_resolve_shared_queue «consumer» «q»
                (i32.const 24)))
              (call $report «put» (call $proxy_enqueue_shared_queue (i32.load (i32.const 24))
                «first»))
              (drop (call $proxy_enqueue_shared_queue (i32.load (i32.const 24)) «second»))
              (call $report «wild» (call $proxy_enqueue_shared_queue (i32.const 99) «x»)))
            """);
    SharedState process = new SharedState();
    try (SimulatedEnvoy reader = start(consumer, process, "consumer");
        SimulatedEnvoy writer = start(producer, process, "producer")) {
      assertThat(gauge(reader, "registered")).isZero();
      assertThat(gauge(reader, "token")).isEqualTo(1);

      writer.run(STREAM);
      reader.advance(Duration.ZERO);

      assertThat(gauge(writer, "none")).isEqualTo(1);
      assertThat(gauge(writer, "found")).isZero();
      assertThat(gauge(writer, "put")).isZero();
      assertThat(gauge(writer, "wild")).isEqualTo(1);
      assertThat(Guests.logged(reader)).containsExactly("first", "second");
      assertThat(gauge(reader, "then")).isEqualTo(1);
      reader.run(STREAM);
      assertThat(gauge(reader, "empty")).isEqualTo(7);
    }
  }
}
