package dev.nametag.hostsim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.stats.StatName;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.upstream.HttpUpstream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Modules that are told of stats. Expected: Envoy context.cc, onStatsUpdate, for the bytes, worked
 * out by hand; source/extensions/stat_sinks/wasm/config.cc for the one VM; source/server/server.cc,
 * MetricSnapshotImpl.
 */
class StatsSinkTest {

  private static final StreamScenario STREAM = StreamScenario.builder().build();

  private static final byte[] FILTER =
      Wat.guest(
          """
          (func (export "proxy_on_configure") (param i32 i32) (result i32)
            (drop (call $proxy_define_metric (i32.const 0) «calls» (i32.const 64)))
            (drop (call $proxy_define_metric (i32.const 0) «idle» (i32.const 68)))
            (call $report «g» (i32.const 7))
            (i32.const 1))
          (func (export "proxy_on_log") (param i32)
            (drop (call $proxy_increment_metric (i32.load (i32.const 64)) (i64.const 1))))
          """);

  /** Sends what it reads, as many bytes as it is told, to a cluster. */
  private static final byte[] EXPORTER =
      Wat.guest(
          """
          (func (export "envoy_on_stats_update") (param i32 i32)
            (drop (call $proxy_get_buffer_bytes (i32.const 8) (i32.const 0) (local.get 1)
              (i32.const 64) (i32.const 68)))
            (drop (call $proxy_http_call «collector» «%s» (i32.load (i32.const 64))
              (i32.load (i32.const 68)) (i32.const 0) (i32.const 0) (i32.const 1000)
              (i32.const 72))))
          (func (export "proxy_on_done") (param i32) (result i32)
            (drop (call $proxy_log (i32.const 2) «sink done»))
            (i32.const 1))
          """
              .formatted(Wat.pairs(":method", "POST", ":path", "/", ":authority", "c")));

  private final List<ByteString> exported = new CopyOnWriteArrayList<>();

  private SimulatedEnvoy.Builder builder(byte[] sink) {
    return Engines.envoy()
        .module(FILTER)
        .workers(3)
        .clock(new ManualClock())
        .statsSink(sink, "sink", new byte[0])
        .httpCluster(
            "collector",
            call -> {
              exported.add(call.body());
              return HttpUpstream.response(200, "");
            });
  }

  /** Two counters are defined and one was used; the size of the gauges' block is 28 and 40. */
  private static ByteString expected(long calls, long added) {
    ByteBuffer bytes = ByteBuffer.allocate(48 + 68).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(48).putInt(1).putInt(2);
    bytes.putInt(16).put("wasmcustom.calls".getBytes(US_ASCII)).putLong(calls).putLong(added);
    bytes.putInt(68).putInt(2).putInt(1);
    bytes.putInt(12).put("wasmcustom.g".getBytes(US_ASCII)).putInt(0).putLong(7);
    return ByteString.of(bytes.array());
  }

  @Test
  void aSinkIsToldOfCountersAndGaugesOnceForEachFlush() {
    try (SimulatedEnvoy envoy = builder(EXPORTER).start()) {
      envoy.run(STREAM);
      envoy.run(STREAM);
      envoy.flushStats();
      envoy.run(STREAM);
      envoy.flushStats();

      assertThat(exported).containsExactly(expected(2, 2), expected(3, 1));
    }
  }

  @Test
  void aSinkComesToItsEndWithEnvoy() {
    SimulatedEnvoy envoy = builder(EXPORTER).start();
    envoy.close();

    assertThat(Guests.logged(envoy)).containsExactly("sink done");
  }

  @Test
  void aSinkHasTicksOfItsOwn() {
    byte[] ticking =
        Wat.guest(
            """
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_set_tick_period_milliseconds (i32.const 1000)))
              (i32.const 1))
            (func (export "proxy_on_tick") (param i32)
              (drop (call $proxy_log (i32.const 2) «tick»)))
            """);
    try (SimulatedEnvoy envoy = builder(ticking).start()) {

      envoy.advance(Duration.ofMillis(2500));

      assertThat(Guests.logged(envoy)).containsExactly("tick", "tick");
    }
  }

  @Test
  void aTrapEndsTheSinkAndNothingElse() {
    byte[] trapping =
        Wat.guest("(func (export \"envoy_on_stats_update\") (param i32 i32) (unreachable))");
    try (SimulatedEnvoy envoy = builder(trapping).start()) {
      envoy.flushStats();
      envoy.flushStats();

      assertThat(envoy.run(STREAM).code()).hasValue(200);
      assertThat(
              envoy.logs().stream()
                  .filter(line -> line.level() == LogLevel.CRITICAL)
                  .map(line -> line.message().substring(0, 39)))
          .containsExactly("Function: envoy_on_stats_update failed:");
    }
  }

  @Test
  void theSignatureIsChecked() {
    byte[] wrong = Wat.guest("(func (export \"envoy_on_stats_update\") (param i32))");

    assertThatThrownBy(() -> builder(wrong).start())
        .isInstanceOf(ModuleLoadException.class)
        .hasMessageStartingWith("Bad function signature for: envoy_on_stats_update");
  }

  /** A block of thirty gauges would have more than 2 to the 34 bytes. */
  @Test
  void whereTheBlockWouldBecomeTooLargeNobodyIsTold() {
    try (SimulatedEnvoy envoy = builder(EXPORTER).start()) {
      for (int i = 0; i < 30; i++) {
        envoy.stats().defineGauge(new StatName(ByteString.utf8("g" + i))).set(1);
      }

      envoy.flushStats();

      assertThat(exported).isEmpty();
      assertThat(envoy.logs())
          .anySatisfy(
              line -> assertThat(line.message()).isEqualTo("too many stats for a sink of stats"));
    }
  }

  @Test
  void whereThereAreCountersOfMoreBytesNobodyIsToldEither() {
    try (SimulatedEnvoy envoy = builder(EXPORTER).start()) {
      byte[] name = new byte[1 << 20];
      for (int i = 0; i < 65; i++) {
        name[0] = (byte) ('0' + i);
        envoy.stats().defineCounter(new StatName(ByteString.of(name))).add(1);
      }

      envoy.flushStats();

      assertThat(exported).isEmpty();
    }
  }

  /** Whoever reads the log may fail; stats are flushed all the same. */
  @Test
  @Timeout(60)
  void afterAFaultStatsAreFlushedAgain() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(2);
    SimulatedEnvoy.Builder builder =
        Engines.envoy()
            .module(FILTER)
            .statsSink(EXPORTER, "sink", new byte[0])
            .statsFlushInterval(Duration.ofMillis(5))
            .logListener(
                line -> {
                  if (line.message().startsWith("too many stats")) {
                    second.countDown();
                    throw new IllegalStateException("nobody reads that");
                  }
                });
    try (SimulatedEnvoy envoy = builder.start()) {
      for (int i = 0; i < 30; i++) {
        envoy.stats().defineGauge(new StatName(ByteString.utf8("g" + i))).set(1);
      }

      second.await();

      assertThat(envoy.logs())
          .anySatisfy(line -> assertThat(line.message()).startsWith("fault in a flush of stats: "));
    }
  }
}
