package dev.nametag.hostsim;

import static dev.nametag.hostsim.testing.Code.NUMBER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import dev.nametag.hostsim.vm.ConfigurationRejectedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected words: proxy-wasm-cpp-host src/wasm.cc and src/v8/v8.cc. */
class LoadingTest {

  @Test
  void bytesThatAreNoModuleAreRefused() {
    assertThatThrownBy(() -> Engines.envoy().module(new byte[] {1, 2, 3}).start())
        .isInstanceOf(ModuleLoadException.class)
        .hasMessageStartingWith("Failed to load Wasm bytecode");
  }

  @Test
  void aModuleThatIsCutOffIsAtWorstRefused() {
    byte[] module = Guests.inLog(code -> code.log("hello")).build();
    for (int length = 0; length < module.length; length++) {
      startOrRefuse(Arrays.copyOf(module, length));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aModuleWithAWrongByteIsAtWorstRefused(long seed) {
    Random random = new Random(seed);
    byte[] module = Guests.inLog(code -> code.log("hello")).build();
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < 300; i++) {
            byte[] wrong = module.clone();
            wrong[8 + random.nextInt(wrong.length - 8)] = (byte) random.nextInt();
            startOrRefuse(wrong);
          }
        });
  }

  private static void startOrRefuse(byte[] module) {
    try (SimulatedEnvoy envoy =
        Engines.envoy().module(module).engine(Engines.forManyModules()).start()) {
      assertThat(envoy.run(StreamScenario.builder().build()).code()).isPresent();
    } catch (ModuleLoadException | ConfigurationRejectedException e) {
      assertThat(e).hasMessageContaining(" ");
    }
  }

  @Test
  void aModuleWithoutAbiMarkerIsRefused() {
    refused(new ModuleBuilder().without("proxy_abi_version_0_2_1"))
        .hasMessage("Missing or unknown Proxy-Wasm ABI version");
  }

  @Test
  void aModuleWithoutAllocatorIsRefused() {
    refused(new ModuleBuilder().without("proxy_on_memory_allocate"))
        .hasMessage("Wasm module is missing malloc function.");
  }

  @Test
  void mallocWillDoForAnAllocator() {
    ModuleBuilder module =
        Guests.inLog(code -> code.getProperty("plugin_name").drop().logReturned())
            .without("proxy_on_memory_allocate")
            .function("malloc", "i32 -> i32", code -> code.i32(50_000));
    try (SimulatedEnvoy envoy =
        Engines.envoy().module(module.build()).pluginName("nametag").start()) {

      envoy.run(StreamScenario.builder().build());

      assertThat(Guests.logged(envoy)).containsExactly("nametag");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"env.foo", "teavm.logString", "wasi_snapshot_preview1.sock_open"})
  void anImportThatEnvoyDoesNotHaveIsMissing(String name) {
    int dot = name.indexOf('.');
    refused(
            new ModuleBuilder()
                .importing(name.substring(0, dot), name.substring(dot + 1), "i32 -> i32"))
        .hasMessage("Failed to load Wasm module due to a missing import: " + name);
  }

  @Test
  void anImportWithAnotherSignatureIsRefused() {
    refused(new ModuleBuilder().importing("env", "proxy_log", "i32 i32 -> i32"))
        .hasMessage(
            "Failed to load Wasm module due to an import type mismatch: env.proxy_log,"
                + " want: i32 i32 -> i32, but host exports: i32 i32 i32 -> i32");
  }

  @Test
  void aGlobalCannotBeImported() {
    refused(new ModuleBuilder().importingGlobal())
        .hasMessageContaining("missing import: env.table_base");
  }

  @Test
  void aModuleOfAbi020HasNoLogLevel() {
    refused(
            new ModuleBuilder()
                .without("proxy_abi_version_0_2_1")
                .function("proxy_abi_version_0_2_0", "void -> void", code -> {})
                .importing("env", "proxy_get_log_level", "i32 -> i32"))
        .hasMessageEndingWith("missing import: env.proxy_get_log_level");
  }

  @Test
  void aModuleWithoutMemoryIsRefused() {
    refused(new ModuleBuilder().withoutMemory())
        .hasMessage("Wasm module neither exports nor imports a memory.");
  }

  @Test
  void aCallbackWithAnotherSignatureIsRefused() {
    refused(new ModuleBuilder().function("proxy_on_log", "i32 i32 -> void", code -> {}))
        .hasMessage(
            "Bad function signature for: proxy_on_log, want: i32 -> void,"
                + " but the module exports: i32 i32 -> void");
  }

  @Test
  void metricsCannotBeDefinedInStart() {
    refused(
            new ModuleBuilder()
                .function(
                    "_start",
                    "void -> void",
                    code -> code.call("proxy_define_metric", 0, "c", NUMBER).drop()))
        .hasMessage("Function: _start failed: restricted_callback");
  }

  /** proxy-wasm-cpp-host src/v8/v8.cc, V8::link: what else is exported is what counts. */
  @Test
  void aMemoryMayBeImportedAndExported() {
    byte[] module =
        Wat2Wasm.parse(
            """
            (module
              (import "env" "memory" (memory 1))
              (export "memory" (memory 0))
              (func (export "proxy_abi_version_0_2_1"))
              (func (export "malloc") (param i32) (result i32) (i32.const 8)))
            """);
    try (SimulatedEnvoy envoy = Engines.envoy().module(module).start()) {
      assertThat(envoy.run(StreamScenario.builder().build()).filterRan()).isTrue();
    }
  }

  @Test
  void theStartSectionCanCallWhatNeedsNeitherMemoryNorContext() {
    byte[] module =
        Wat2Wasm.parse(
            """
            (module
              (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
              (memory (export "memory") 1)
              (func (export "proxy_abi_version_0_2_1"))
              (func (export "malloc") (param i32) (result i32) (i32.const 8))
              (func $begin (if (call $yield) (then (unreachable))))
              (start $begin))
            """);
    Engines.envoy().module(module).start().close();
  }

  @Test
  void theStartSectionCannotLog() {
    refused(
            new ModuleBuilder()
                .function("begin", "void -> void", code -> code.log("too early"))
                .start("begin"))
        .hasMessage("Failed to create new Wasm instance: restricted_callback");
  }

  @Test
  void initializeAndMainReplaceStart() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function("_start", "void -> void", code -> code.log("start"))
            .function("_initialize", "void -> void", code -> code.log("initialize"))
            .function("main", "i32 i32 -> i32", code -> code.log("main").i32(0));
    try (SimulatedEnvoy envoy = Guests.start(module)) {
      // The base VM, the canary, the main thread and a worker.
      assertThat(Guests.logged(envoy))
          .containsExactly(
              "initialize",
              "main",
              "initialize",
              "main",
              "initialize",
              "main",
              "initialize",
              "main");
    }
  }

  @Test
  void canaryMainThreadAndWorkersAreAllConfigured() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function("_start", "void -> void", code -> code.log("start"))
            .logging("proxy_on_context_create", "i32 i32 -> void")
            .logging("proxy_on_vm_start", "i32 i32 -> i32")
            .logging("proxy_on_configure", "i32 i32 -> i32")
            .logging("proxy_on_done", "i32 -> i32")
            .logging("proxy_on_delete", "i32 -> void");
    List<String> oneVm =
        List.of("start", "proxy_on_context_create", "proxy_on_vm_start", "proxy_on_configure");
    List<String> expected = new ArrayList<>(List.of("start"));
    for (int i = 0; i < 1 + 1 + 2; i++) {
      expected.addAll(oneVm);
    }
    for (int i = 0; i < 1 + 2; i++) {
      expected.addAll(List.of("proxy_on_done", "proxy_on_delete"));
    }

    SimulatedEnvoy envoy = Engines.envoy().module(module.build()).workers(2).start();
    envoy.close();

    assertThat(Guests.logged(envoy)).isEqualTo(expected);
  }

  @Test
  void aRefusedConfigurationIsRejected() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function("proxy_on_configure", "i32 i32 -> i32", code -> code.log("no").i32(0));
    List<LogLine> lines = new ArrayList<>();

    assertThatThrownBy(
            () ->
                Engines.envoy()
                    .module(module.build())
                    .pluginName("p")
                    .rootId("r")
                    .vmId("v")
                    .logListener(lines::add)
                    .start())
        .isInstanceOf(ConfigurationRejectedException.class)
        .hasMessage("Failed to configure base Wasm plugin: proxy_on_configure returned false");
    assertThat(lines).containsExactly(new LogLine(LogLevel.INFO, "wasm log p r v: no"));
  }

  @Test
  void aTrapInTheCanaryIsRejected() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function("proxy_on_vm_start", "i32 i32 -> i32", code -> code.trap().i32(1));
    List<LogLine> lines = new ArrayList<>();

    assertThatThrownBy(() -> Engines.envoy().module(module.build()).logListener(lines::add).start())
        .isInstanceOf(ConfigurationRejectedException.class)
        .hasMessageStartingWith("Failed to start base Wasm: ");
    assertThat(lines).extracting(LogLine::level).containsExactly(LogLevel.CRITICAL);
  }

  @Test
  void configurationsAreReadWhereTheyAreThere() {
    ModuleBuilder module =
        Guests.inConfigure(
                code -> {
                  code.call("proxy_get_buffer_bytes", 7, 0, 100, 16, 20).drop().logReturned();
                  code.call("proxy_get_buffer_bytes", 7, 2, 3, 16, 20).drop().logReturned();
                  code.call("proxy_get_buffer_bytes", 6, 0, 100, 16, 20).drop().logReturned();
                  code.call("proxy_get_buffer_bytes", 7, 0, 100, -4, 20).report("bad address");
                  code.call("proxy_get_buffer_bytes", 9, 0, 100, 16, 20).report("bad type");
                  code.call("proxy_get_buffer_status", 7, 24, 28).drop();
                  code.load(24).report("size");
                })
            .function(
                "proxy_on_log",
                "i32 -> void",
                code -> {
                  code.call("proxy_get_buffer_bytes", 7, 0, 100, 16, 20).report("plugin in log");
                  code.call("proxy_get_buffer_bytes", 6, 0, 100, 16, 20).report("vm in log");
                });
    try (SimulatedEnvoy envoy =
        Engines.envoy()
            .module(module.build())
            .pluginConfiguration("plugin".getBytes(UTF_8))
            .vmConfiguration("vm".getBytes(UTF_8))
            .start()) {

      envoy.run(StreamScenario.builder().build());

      assertThat(Guests.logged(envoy)).startsWith("plugin", "ugi", "vm");
      assertThat(envoy.stats().gauge("wasmcustom.bad address")).hasValue(6);
      assertThat(envoy.stats().gauge("wasmcustom.bad type")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.size")).hasValue(6);
      assertThat(envoy.stats().gauge("wasmcustom.plugin in log")).hasValue(1);
      assertThat(envoy.stats().gauge("wasmcustom.vm in log")).hasValue(0);
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(ModuleBuilder module) {
    return assertThatThrownBy(() -> Engines.envoy().module(module.build()).start())
        .isInstanceOf(ModuleLoadException.class);
  }
}
