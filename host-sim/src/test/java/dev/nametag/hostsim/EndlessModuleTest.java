package dev.nametag.hostsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.shared.SharedState;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.stream.StreamScript;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.time.SimClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A callback that never returns holds up its worker and nobody else, as in Envoy, whose workers
 * have an event loop each; the end stops it, which is ours.
 */
@Timeout(120)
class EndlessModuleTest {

  private static final String STOPPED = " failed: did not return within PT1S at the end";

  private static final StreamScenario STREAM = StreamScenario.builder().build();
  private static final StreamScript WITH_BODY = STREAM.script().sending(ByteString.utf8("x"));

  /** Ticks, and never returns from a request that has a body. */
  private static final String TICKING =
      """
      (func (export "proxy_on_configure") (param i32 i32) (result i32)
        (drop (call $proxy_define_metric (i32.const 0) «ticks» (i32.const 24)))
        (drop (call $proxy_define_metric (i32.const 0) «in» (i32.const 24)))
        (drop (call $proxy_set_tick_period_milliseconds (i32.const 1)))
        (i32.const 1))
      (func (export "proxy_on_tick") (param i32)
        (drop (call $proxy_increment_metric (i32.const 4) (i64.const 1))))
      (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
        (if (i32.eqz (local.get 2))
          (then
            (drop (call $proxy_increment_metric (i32.const 8) (i64.const 1)))
            (loop (br 0))))
        (i32.const 0))
      """;

  private static final String ENDLESS_TICK =
      """
      (func (export "proxy_on_configure") (param i32 i32) (result i32)
        (drop (call $proxy_define_metric (i32.const 0) «in» (i32.const 24)))
        (drop (call $proxy_set_tick_period_milliseconds (i32.const 1)))
        (i32.const 1))
      (func (export "proxy_on_tick") (param i32)
        (drop (call $proxy_increment_metric (i32.const 4) (i64.const 1)))
        (loop (br 0)))
      """;

  private static final String ENDLESS_DONE =
      """
      (func (export "proxy_on_done") (param i32) (result i32)
        (loop (br 0)) (i32.const 1))
      """;

  private static SimulatedEnvoy.Builder envoy(String functions) {
    return SimulatedEnvoy.builder().module(Wat.guest(functions));
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static long counted(SimulatedEnvoy envoy, String name) {
    return envoy.stats().counter("wasmcustom." + name).orElse(0);
  }

  private static List<String> messages(SimulatedEnvoy envoy) {
    return envoy.logs().stream().map(LogLine::message).toList();
  }

  @Test
  void aWorkerThatNeverComesBackHoldsUpNoOther() {
    SimulatedEnvoy envoy = envoy(TICKING).workers(2).start();
    try (envoy) {
      CompletableFuture<StreamResult> held =
          CompletableFuture.supplyAsync(() -> envoy.play(WITH_BODY).result());
      await(() -> counted(envoy, "in") == 1);
      long ticks = counted(envoy, "ticks");

      assertThat(envoy.run(STREAM).code()).hasValue(200);
      await(() -> counted(envoy, "ticks") > ticks + 20);
      assertThat(held).isNotDone();

      envoy.close();

      assertThat(held.join().code()).hasValue(503);
      assertThat(messages(envoy)).contains("Function: proxy_on_request_headers" + STOPPED);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.nametag.hostsim.testing.Engines#all")
  void closingStopsWhatNeverComesBackAndTheLogSaysSo(EngineKind engine) {
    SimulatedEnvoy envoy = envoy(ENDLESS_TICK).engine(engine).start();
    await(() -> counted(envoy, "in") >= 1);

    envoy.close();

    assertThat(messages(envoy)).contains("Function: proxy_on_tick" + STOPPED);
  }

  @Test
  void anEndlessEndIsStopped() {
    for (SimClock clock : List.of(SimClock.system(), new ManualClock())) {
      SimulatedEnvoy envoy = envoy(ENDLESS_DONE).clock(clock).start();

      envoy.close();

      assertThat(messages(envoy))
          .containsExactly(
              "Function: proxy_on_done" + STOPPED, "Function: proxy_on_done" + STOPPED);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Test
  void aStreamThatNeverComesBackIsStoppedWithAManualClockToo() {
    SimulatedEnvoy envoy = envoy(TICKING).clock(new ManualClock()).start();
    CompletableFuture<StreamResult> held =
        CompletableFuture.supplyAsync(() -> envoy.play(WITH_BODY).result());
    await(() -> counted(envoy, "in") == 1);

    envoy.close();

    assertThat(held.join().details()).isEqualTo("wasm_fail_stream");
  }

  @Test
  void anotherEnvoyOfTheProcessClosesWhileItsThreadIsHeldUp() {
    SharedState process = new SharedState();
    SimulatedEnvoy other = envoy(TICKING).shared(process).clock(new ManualClock()).start();
    try (SimulatedEnvoy envoy = envoy(TICKING).shared(process).clock(new ManualClock()).start()) {
      CompletableFuture<StreamResult> held =
          CompletableFuture.supplyAsync(() -> envoy.play(WITH_BODY).result());
      await(() -> counted(envoy, "in") == 1);

      other.close();

      assertThat(messages(other)).contains("closed while something was still running");
      assertThat(held).isNotDone();
    }
  }

  @Test
  void drainingDoesNotWaitForAWorkerThatNeverComesBack() {
    SimulatedEnvoy envoy =
        envoy(ENDLESS_TICK + "(func (export \"proxy_on_delete\") (param i32) (unreachable))")
            .start();
    try (envoy) {
      await(() -> counted(envoy, "in") == 2);

      envoy.drain();

      assertThat(messages(envoy)).isEmpty();
    }
  }

  @Test
  void aLimitStopsWhatIsRunningAndLeavesWhatReturns() {
    try (SimulatedEnvoy envoy = envoy(TICKING).workers(2).start()) {
      CompletableFuture<StreamResult> held =
          CompletableFuture.supplyAsync(() -> envoy.play(WITH_BODY).result());
      await(() -> counted(envoy, "in") == 1);

      envoy.limitCalls(Duration.ofMillis(200));

      assertThat(held.join().failure())
          .hasValueSatisfying(why -> assertThat(why).startsWith("did not return within PT0.2S"));
      assertThat(envoy.run(STREAM).code()).hasValue(200);
    }
  }
}
