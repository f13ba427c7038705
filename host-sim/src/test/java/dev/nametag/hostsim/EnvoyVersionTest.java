package dev.nametag.hostsim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import dev.nametag.hostsim.testing.Wat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What releases differ in. Source: proxy-wasm-cpp-host as pinned by each release. */
class EnvoyVersionTest {

  private static SimulatedEnvoy.Builder builder(byte[] module, EnvoyVersion version) {
    return SimulatedEnvoy.builder().module(module).envoyVersion(version);
  }

  @ParameterizedTest
  @CsvSource({
    "wasi_snapshot_preview1,sched_yield,void -> i32,V1_28,V1_33",
    "wasi_unstable,poll_oneoff,i32 i32 i32 i32 -> i32,V1_28,V1_33",
    "wasi_snapshot_preview1,fd_fdstat_set_flags,i32 i32 -> i32,V1_28,V1_33",
    "wasi_snapshot_preview1,clock_res_get,i32 i32 -> i32,V1_38,V1_39",
    "wasi_snapshot_preview1,path_rename,i32 i32 i32 i32 i32 i32 -> i32,V1_38,V1_39"
  })
  void aFunctionOfWasiIsMissingUntilItsRelease(
      String module, String name, String signature, EnvoyVersion without, EnvoyVersion with) {
    byte[] guest = new ModuleBuilder().importing(module, name, signature).build();
    assertThatThrownBy(() -> builder(guest, without).start())
        .isInstanceOf(ModuleLoadException.class)
        .hasMessage("Failed to load Wasm module due to a missing import: " + module + "." + name);
    builder(guest, with).start().close();
  }

  @Test
  void logLevelIsNotThereForAModuleOfTheAbiBefore() {
    byte[] guest =
        new ModuleBuilder()
            .without("proxy_abi_version_0_2_1")
            .function("proxy_abi_version_0_2_0", "void -> void", code -> {})
            .importing("env", "proxy_get_log_level", "i32 -> i32")
            .build();
    assertThatThrownBy(() -> builder(guest, EnvoyVersion.V1_39).start())
        .hasMessage("Failed to load Wasm module due to a missing import: env.proxy_get_log_level");
  }

  @Test
  void mainVoidIsCalledFrom139On() {
    byte[] guest =
        Wat.guest(
            """
            (func (export "_initialize"))
            (func (export "__main_void") (result i32)
              (drop (call $proxy_log (i32.const 2) «main»)) (i32.const 0))
            """);
    try (SimulatedEnvoy before = builder(guest, EnvoyVersion.V1_38).start();
        SimulatedEnvoy since = builder(guest, EnvoyVersion.V1_39).start()) {
      assertThat(Guests.logged(before)).isEmpty();
      assertThat(Guests.logged(since)).containsExactly("main", "main", "main", "main");
    }
  }

  @Test
  void aModuleOfAbi010HasItsOwnCalls() {
    byte[] guest =
        Wat.guest(
            """
            (func (export "proxy_abi_version_0_1_0"))
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_get_configuration (i32.const 16) (i32.const 20)))
              (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
                (i32.load (i32.const 20))))
              (i32.const 1))
            (func (export "proxy_on_request_headers") (param i32 i32) (result i32)
              (call $report «absent» (call $proxy_get_header_map_value (i32.const 0) «no»
                (i32.const 16) (i32.const 20)))
              (call $report «clear» (call $proxy_clear_route_cache))
              (call $report «continue» (call $proxy_continue_request))
              (i32.const 1))
            """);
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder().module(guest).pluginConfiguration(new byte[] {'c'}).start()) {

      assertThat(envoy.run(StreamScenario.builder().build()).code()).hasValue(200);

      assertThat(Guests.logged(envoy)).contains("c");
      assertThat(envoy.stats().gauge("wasmcustom.absent")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.clear")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.continue")).hasValue(0);
    }
  }

  /** Source: proxy-wasm-cpp-host src/wasm.cc, WasmBase::getFunctions. */
  @Test
  void aCallbackWithoutItsCapabilityIsNotCalled() {
    byte[] guest =
        Wat.guest(
            """
            (func (export "proxy_on_log") (param i32)
              (drop (call $proxy_log (i32.const 2) «on_log»)))
            (func (export "proxy_on_delete") (param i32)
              (drop (call $proxy_log (i32.const 2) «on_delete»)))
            """);
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(guest)
            .capabilities(Set.of("proxy_log", "proxy_on_delete"))
            .start()) {
      envoy.run(StreamScenario.builder().build());
      assertThat(Guests.logged(envoy)).containsExactly("on_delete");
    }
  }

  @Test
  void aCallWithoutItsCapabilityIsAnInternalFailure() {
    byte[] guest =
        Wat.guest(
            """
            (func (export "proxy_on_log") (param i32)
              (call $report «log» (call $proxy_log (i32.const 2) «secret»))
              (call $report «time» (call $proxy_get_current_time_nanoseconds (i32.const 24))))
            """);
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(guest)
            .capabilities(
                Set.of(
                    "proxy_on_log",
                    "proxy_define_metric",
                    "proxy_record_metric",
                    "proxy_get_current_time_nanoseconds"))
            .start()) {
      envoy.run(StreamScenario.builder().build());
      assertThat(envoy.stats().gauge("wasmcustom.log")).hasValue(10);
      assertThat(envoy.stats().gauge("wasmcustom.time")).hasValue(0);
      assertThat(Guests.logged(envoy))
          .containsExactly("Attempted call to restricted proxy-wasm capability: proxy_log");
    }
  }
}
