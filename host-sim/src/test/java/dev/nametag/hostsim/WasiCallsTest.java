package dev.nametag.hostsim;

import static dev.nametag.hostsim.testing.Code.NUMBER;
import static dev.nametag.hostsim.testing.Code.SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Expected results: proxy-wasm-cpp-host src/exports.cc. */
class WasiCallsTest {

  private static final String WASI = "wasi_snapshot_preview1";

  @Test
  void theEnvironmentIsTheConfiguredOne() {
    byte[] module =
        Guests.inConfigure(
                code -> {
                  code.callIn(WASI, "environ_sizes_get", NUMBER, SIZE).drop();
                  code.load(NUMBER).report("count");
                  code.callIn(WASI, "environ_get", 100, 200).drop();
                  code.i32(2).load(100).load(SIZE).call("proxy_log").drop();
                  code.callIn(WASI, "environ_get", -4, 200).report("bad address");
                })
            .build();
    try (SimulatedEnvoy envoy =
        Engines.envoy().module(module).environment(Map.of("NAMETAG_STRICT", "true")).start()) {
      assertThat(envoy.stats().gauge("wasmcustom.count")).hasValue(1);
      assertThat(envoy.stats().gauge("wasmcustom.bad address")).hasValue(21);
      assertThat(Guests.logged(envoy)).contains("NAMETAG_STRICT=true\0");
    }
  }

  @Test
  void whatIsWrittenIsLoggedWithoutItsNewline() {
    try (SimulatedEnvoy envoy =
        Guests.start(
            Guests.inConfigure(
                code -> {
                  code.log("text\n");
                  // The text lies where texts begin; the vector is put together by hand.
                  code.store(200, 1_024).store(204, 5);
                  code.callIn("wasi_unstable", "fd_write", 2, 200, 1, NUMBER).report("result");
                  code.load(NUMBER).report("written");
                  code.callIn("wasi_unstable", "fd_write", 0, 200, 1, NUMBER).report("stdin");
                  code.callIn("wasi_unstable", "fd_write", 1, -8, 1, NUMBER).report("bad");
                }))) {
      assertThat(envoy.logs()).contains(new LogLine(LogLevel.ERROR, "wasm log: text"));
      assertThat(envoy.stats().gauge("wasmcustom.result")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.written")).hasValue(5);
      assertThat(envoy.stats().gauge("wasmcustom.stdin")).hasValue(8);
      assertThat(envoy.stats().gauge("wasmcustom.bad")).hasValue(21);
    }
  }

  @Test
  void clocksAndRandomBytesHaveTheirLimits() {
    try (SimulatedEnvoy envoy =
        Guests.start(
            Guests.inConfigure(
                code -> {
                  code.callIn(WASI, "clock_time_get", 0, 1L, NUMBER).report("realtime");
                  code.loadLong(NUMBER).reportLong("now");
                  code.callIn(WASI, "clock_time_get", 1, 1L, NUMBER).report("monotonic");
                  code.callIn(WASI, "clock_time_get", 2, 1L, NUMBER).report("other");
                  code.callIn(WASI, "random_get", 300, 16).report("random");
                  code.callIn(WASI, "random_get", 0, 65_537).report("too many");
                  code.call("proxy_get_current_time_nanoseconds", NUMBER).report("proxy clock");
                }))) {
      assertThat(envoy.stats().gauge("wasmcustom.realtime")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.now").orElseThrow())
          .isGreaterThan(1_700_000_000_000_000_000L);
      assertThat(envoy.stats().gauge("wasmcustom.monotonic")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.other")).hasValue(58);
      assertThat(envoy.stats().gauge("wasmcustom.random")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.too many")).hasValue(28);
      assertThat(envoy.stats().gauge("wasmcustom.proxy clock")).hasValue(0);
    }
  }

  @Test
  void exitingIsLoggedAndTheModuleRunsOn() {
    try (SimulatedEnvoy envoy =
        Guests.start(
            Guests.inConfigure(code -> code.callIn(WASI, "proc_exit", 1).log("still here")))) {
      assertThat(Guests.logged(envoy)).contains("wasi_unstable proc_exit", "still here");
    }
  }

  @Test
  void theLogLevelIsTheConfiguredOne() {
    byte[] module =
        Guests.inConfigure(
                code -> {
                  code.call("proxy_get_log_level", NUMBER).drop().load(NUMBER).report("level");
                  code.call("proxy_log", 2, "info").report("info");
                  code.call("proxy_log", 3, "warn").report("warn");
                  code.call("proxy_log", 6, "none").report("none");
                })
            .build();
    try (SimulatedEnvoy envoy = Engines.envoy().module(module).logLevel(LogLevel.WARN).start()) {
      assertThat(envoy.stats().gauge("wasmcustom.level")).hasValue(3);
      assertThat(envoy.stats().gauge("wasmcustom.info")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.none")).hasValue(2);
      assertThat(Guests.logged(envoy)).containsOnly("warn");
    }
  }
}
