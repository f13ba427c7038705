package dev.nametag.hostsim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a module does, the host gets away with a result, a trap or a named error. */
@Timeout(120)
class HostileModuleTest {

  private static final StreamScenario STREAM = StreamScenario.builder().build();

  private static SimulatedEnvoy.Builder builder(String functions) {
    return SimulatedEnvoy.builder().module(Wat.guest(functions)).clock(new ManualClock());
  }

  @Test
  void wildPointersAndNegativeLengthsAreInvalidMemoryAccesses() {
    List<String> calls =
        List.of(
            "(call $proxy_log (i32.const 2) (i32.const -1) (i32.const -1))",
            "(call $proxy_get_property (i32.const 131070) (i32.const 3) (i32.const 0) (i32.const 4))",
            "(call $proxy_set_property (i32.const 0) (i32.const -5) (i32.const 0) (i32.const 1))",
            "(call $proxy_define_metric (i32.const 0) (i32.const -16) (i32.const 32) (i32.const 24))",
            "(call $proxy_get_shared_data (i32.const 0) (i32.const -1) (i32.const 0) (i32.const 4)"
                + " (i32.const 8))",
            "(call $proxy_set_shared_data «k» (i32.const 4) (i32.const -9) (i32.const 0))",
            "(call $proxy_register_shared_queue «q» (i32.const -2))",
            "(call $proxy_resolve_shared_queue (i32.const -1) (i32.const 4) «q» (i32.const 8))",
            "(call $proxy_enqueue_shared_queue (i32.const 1) (i32.const 131072) (i32.const 1))",
            "(call $proxy_http_call «c» (i32.const -4) (i32.const 8) «b» «» (i32.const 9)"
                + " (i32.const 24))",
            "(call $proxy_http_call «c» «» «b» «» (i32.const 9) (i32.const 131071))",
            "(call $proxy_grpc_call «c» «s» «m» «» (i32.const -4) (i32.const 8) (i32.const 9)"
                + " (i32.const 24))",
            "(call $proxy_grpc_stream «c» «s» (i32.const -1) (i32.const -1) «» (i32.const 24))",
            "(call $proxy_grpc_send (i32.const 6) (i32.const -1) (i32.const 2) (i32.const 0))",
            "(call $proxy_call_foreign_function (i32.const -1) (i32.const 4) «» (i32.const 0)"
                + " (i32.const 0))",
            "(call $proxy_send_local_response (i32.const 200) «» (i32.const -1) (i32.const -1) «»"
                + " (i32.const -1))",
            "(call $proxy_get_status (i32.const -1) (i32.const 16) (i32.const 20))",
            "(call $envoy_resolve_dns «d» (i32.const -1))",
            "(call $proxy_get_current_time_nanoseconds (i32.const 131069))",
            "(call $proxy_get_log_level (i32.const 131069))");
    StringBuilder code = new StringBuilder("(func (export \"proxy_on_log\") (param i32)\n");
    for (int i = 0; i < calls.size(); i++) {
      code.append("(call $report «").append(i).append("» ").append(calls.get(i)).append(")\n");
    }
    try (SimulatedEnvoy envoy = builder(code + ")").start()) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.vmFailed()).isFalse();
      for (int i = 0; i < calls.size(); i++) {
        assertThat(envoy.stats().gauge("wasmcustom." + i)).as(calls.get(i)).hasValue(6);
      }
    }
  }

  @Test
  void anEndlessLoopEndsAtTheDeadlineAndIsSaidToHave() {
    try (SimulatedEnvoy envoy =
        builder("(func (export \"proxy_on_log\") (param i32) (loop (br 0)))")
            .deadline(Duration.ofMillis(200))
            .start()) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.failure()).contains("deadline of PT0.2S exceeded");
      assertThat(result.code()).hasValue(200);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Test
  void anEndlessStartIsALoadFailure() {
    assertThatThrownBy(
            () ->
                builder("(func (export \"_start\") (loop (br 0)))")
                    .deadline(Duration.ofMillis(200))
                    .start())
        .isInstanceOf(ModuleLoadException.class)
        .hasMessage("Function: _start failed: deadline of PT0.2S exceeded");
  }

  @Test
  void memoryStopsGrowingAtItsLimit() {
    try (SimulatedEnvoy envoy =
        builder(
                """
                (func (export "proxy_on_log") (param i32)
                  (loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
                  (call $report «pages» (memory.size)))
                """)
            .maxMemoryPages(1024)
            .start()) {
      envoy.run(STREAM);
      assertThat(envoy.stats().gauge("wasmcustom.pages")).hasValue(1010);
    }
  }

  @Test
  void aModuleThatWantsTooMuchMemoryIsRefused() {
    assertThatThrownBy(
            () -> builder("(func (export \"proxy_on_log\") (param i32))").maxMemoryPages(1).start())
        .isInstanceOf(ModuleLoadException.class)
        .hasMessageContaining("2 memory pages wanted, 1 allowed");
  }

  /** Two million times, of which each alone would take more than 16 bytes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(call $proxy_continue_stream (i32.const 0))",
        "(call $proxy_set_tick_period_milliseconds (i32.const 1000))",
        "(call $proxy_get_buffer_bytes (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 24)"
            + " (i32.const 28))",
        "(call $proxy_send_local_response (i32.const 403) «» «» «» (i32.const -1))",
      })
  void whatIsAskedForAgainAndAgainInOneCallbackIsKeptOnce(String call) {
    List<Long> used = Collections.synchronizedList(new ArrayList<>());
    String functions =
        """
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (local i32)
          (drop (call $proxy_log (i32.const 2) «before»))
          (loop
            (drop %s)
            (local.set 3 (i32.add (local.get 3) (i32.const 1)))
            (br_if 0 (i32.lt_u (local.get 3) (i32.const 2000000))))
          (drop (call $proxy_log (i32.const 2) «after»))
          (i32.const 0))
        """
            .formatted(call);
    try (SimulatedEnvoy envoy =
        builder(functions).logListener(line -> used.add(usedMemory())).start()) {
      envoy.run(STREAM);
    }
    assertThat(used).hasSize(2);
    assertThat(used.get(1) - used.get(0)).isLessThan(16 << 20);
  }

  private static long usedMemory() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void aQueueThatFeedsItselfDoesNotHoldTheHost() {
    try (SimulatedEnvoy envoy =
        builder(
                """
                (func (export "proxy_on_configure") (param i32 i32) (result i32)
                  (drop (call $proxy_register_shared_queue «q» (i32.const 24)))
                  (drop (call $proxy_enqueue_shared_queue (i32.const 1) «x»))
                  (i32.const 1))
                (func (export "proxy_on_queue_ready") (param i32 i32)
                  (drop (call $proxy_dequeue_shared_queue (local.get 1) (i32.const 16)
                    (i32.const 20)))
                  (drop (call $proxy_enqueue_shared_queue (local.get 1) «x»)))
                (func (export "proxy_on_memory_allocate") (param i32) (result i32)
                  (i32.const 50000))
                """)
            .start()) {
      assertThat(envoy.run(STREAM).code()).hasValue(200);
    }
  }

  @Test
  void aResponseInTheMiddleOfAStreamsCallbackWaitsUntilItHasReturned() {
    try (SimulatedEnvoy envoy =
        builder(
                """
                (global $in (mut i32) (i32.const 0))
                (func (export "proxy_on_log") (param i32)
                  (global.set $in (i32.const 1))
                  (drop (call $envoy_resolve_dns «d» (i32.const 24)))
                  (global.set $in (i32.const 0)))
                (func (export "envoy_on_resolve_dns") (param i32 i32 i32)
                  (call $report «inside» (global.get $in)))
                """)
            .start()) {
      envoy.run(STREAM);
      assertThat(envoy.stats().gauge("wasmcustom.inside")).hasValue(0);
    }
  }
}
