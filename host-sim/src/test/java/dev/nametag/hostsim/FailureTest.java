package dev.nametag.hostsim;

import static dev.nametag.hostsim.stream.StreamEnding.Position.BEFORE_OURS;
import static dev.nametag.hostsim.testing.Code.NUMBER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.vm.FailurePolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected behaviour: proxy-wasm-cpp-host src/context.cc, CHECK_FAIL; Envoy wasm.cc. */
@Timeout(60)
class FailureTest {

  private static final StreamScenario STREAM = StreamScenario.builder().build();

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEGACY_FAIL_OPEN")
  void aTrapOnRequestHeadersFailsThatRequestWhateverThePolicy(FailurePolicy policy) {
    ModuleBuilder module =
        new ModuleBuilder()
            .function("proxy_on_request_headers", "i32 i32 i32 -> i32", code -> code.trap().i32(0))
            .logging("proxy_on_log", "i32 -> void");
    try (SimulatedEnvoy envoy = start(module, policy)) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.code()).hasValue(503);
      assertThat(result.details()).isEqualTo("wasm_fail_stream");
      assertThat(result.filterRan()).isTrue();
      assertThat(result.vmFailed()).isTrue();
      assertThat(result.failure()).isPresent();
      assertThat(Guests.logged(envoy)).isEmpty();
    }
  }

  @Test
  void aTrapOnResponseHeadersFailsTheRequest() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function(
                "proxy_on_response_headers", "i32 i32 i32 -> i32", code -> code.trap().i32(0));
    try (SimulatedEnvoy envoy = start(module, FailurePolicy.FAIL_CLOSED)) {
      assertThat(envoy.run(STREAM).code()).hasValue(503);
    }
  }

  @Test
  void aTrapInTheLogDoesNotFailTheRequestButTheVm() {
    try (SimulatedEnvoy envoy = start(trapInLog(), FailurePolicy.FAIL_CLOSED)) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.code()).hasValue(200);
      assertThat(result.vmFailed()).isTrue();
      LogLine last = envoy.logs().get(envoy.logs().size() - 1);
      assertThat(last.level()).isEqualTo(LogLevel.CRITICAL);
      assertThat(last.message()).startsWith("Function: proxy_on_log failed: ");
    }
  }

  @Test
  void failClosedAnswersLaterStreamsWith503() {
    try (SimulatedEnvoy envoy = start(trapInLog(), FailurePolicy.FAIL_CLOSED)) {
      envoy.run(STREAM);

      StreamResult result = envoy.run(STREAM);

      assertThat(result.code()).hasValue(503);
      assertThat(result.details()).isEqualTo("wasm_fail_stream");
      assertThat(result.filterRan()).isFalse();
      assertThat(envoy.stats().counter("wasmcustom.calls")).hasValue(1);
    }
  }

  @Test
  void failClosedLeavesTheAnswersOfFiltersBeforeOurs() {
    try (SimulatedEnvoy envoy = start(trapInLog(), FailurePolicy.FAIL_CLOSED)) {
      envoy.run(STREAM);

      StreamResult result =
          envoy.run(
              StreamScenario.builder().ending(StreamEnding.extAuthzDenied(BEFORE_OURS)).build());

      assertThat(result.code()).hasValue(403);
    }
  }

  @Test
  void failOpenLetsLaterStreamsPass() {
    try (SimulatedEnvoy envoy = start(trapInLog(), FailurePolicy.FAIL_OPEN)) {
      envoy.run(STREAM);

      StreamResult result = envoy.run(STREAM);

      assertThat(result.code()).hasValue(200);
      assertThat(result.filterRan()).isFalse();
      assertThat(envoy.stats().counter("wasmcustom.calls")).hasValue(1);
    }
  }

  /** CHECK_FAIL looks at fail_open, which failure_policy does not set. */
  @Test
  void theOldFailOpenLetsTheStreamOfTheTrapPassToo() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function("proxy_on_request_headers", "i32 i32 i32 -> i32", code -> code.trap().i32(0))
            .logging("proxy_on_response_headers", "i32 i32 i32 -> i32");
    try (SimulatedEnvoy envoy = start(module, FailurePolicy.LEGACY_FAIL_OPEN)) {

      StreamResult trapped = envoy.run(STREAM);
      StreamResult later = envoy.run(STREAM);

      assertThat(trapped.code()).hasValue(200);
      assertThat(trapped.vmFailed()).isTrue();
      assertThat(later.code()).hasValue(200);
      assertThat(later.filterRan()).isFalse();
      assertThat(Guests.logged(envoy)).isEmpty();
    }
  }

  /** PluginConfig::createContext: without a handle there is no context, whatever the policy. */
  @Test
  void streamsPassWhereThePluginDidNotComeUpAfterTheCanaryHad() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (if (i32.eqz (call $proxy_get_shared_data «k» (i32.const 16) (i32.const 20)
                    (i32.const 24)))
                (then (return (i32.const 0))))
              (drop (call $proxy_set_shared_data «k» «v» (i32.const 0)))
              (i32.const 1))
            """);
    try (SimulatedEnvoy envoy = Engines.envoy().module(module).start()) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.code()).hasValue(200);
      assertThat(result.filterRan()).isFalse();
      assertThat(envoy.logs())
          .extracting(LogLine::message)
          .containsOnly("Failed to configure base Wasm plugin: proxy_on_configure returned false");
    }
  }

  @Test
  void aReloadThatFailsIsTriedAgain() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_define_metric (i32.const 0) «vms» (i32.const 24)))
              (drop (call $proxy_increment_metric (i32.const 4) (i64.const 1)))
              (drop (call $proxy_get_metric (i32.const 4) (i32.const 32)))
              (i64.ne (i64.load (i32.const 32)) (i64.const 4)))
            (func (export "proxy_on_log") (param i32) (unreachable))
            """);
    try (SimulatedEnvoy envoy =
        Engines.envoy()
            .module(module)
            .pluginName("p")
            .failurePolicy(FailurePolicy.FAIL_RELOAD)
            .clock(new ManualClock())
            .start()) {
      envoy.run(STREAM);
      envoy.advance(Duration.ofSeconds(1));
      // The canary, the main thread, the worker, and now the fourth.
      assertThat(envoy.run(STREAM).code()).hasValue(503);
      assertThat(envoy.stats().counter("wasm.p.vm_reload_failure")).hasValue(1);
      envoy.advance(Duration.ofSeconds(1));

      assertThat(envoy.run(STREAM).code()).hasValue(200);

      assertThat(envoy.stats().counter("wasm.p.vm_reload_success")).hasValue(1);
    }
  }

  @Test
  void failReloadBringsUpANewVmWhoseIdsStartAgain() {
    try (SimulatedEnvoy envoy = reloading()) {
      envoy.run(STREAM);
      assertThat(envoy.stats().gauge("wasmcustom.id")).hasValue(4);
      envoy.advance(Duration.ofSeconds(1));

      StreamResult result = envoy.run(STREAM);

      assertThat(result.code()).hasValue(200);
      assertThat(result.filterRan()).isTrue();
      assertThat(envoy.stats().counter("wasmcustom.calls")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.id")).hasValue(4);
      assertThat(envoy.stats().counter("wasm.p.vm_reload_success")).hasValue(1);
    }
  }

  @Test
  void failReloadWaitsASecondSinceTheVmWasLoaded() {
    try (SimulatedEnvoy envoy = reloading()) {
      envoy.run(STREAM);
      envoy.advance(Duration.ofMillis(999));

      StreamResult result = envoy.run(STREAM);

      assertThat(result.code()).hasValue(503);
      assertThat(result.filterRan()).isFalse();
      assertThat(envoy.stats().counter("wasm.p.vm_reload_success")).hasValue(0);
      assertThat(envoy.stats().counter("wasm.p.vm_reload_backoff")).hasValue(1);
    }
  }

  private static SimulatedEnvoy reloading() {
    return SimulatedEnvoy.builder()
        .module(trapInLog().build())
        .pluginName("p")
        .failurePolicy(FailurePolicy.FAIL_RELOAD)
        .clock(new ManualClock())
        .start();
  }

  @Test
  void onlyTheWorkerWithTheTrapFails() {
    try (SimulatedEnvoy envoy = Engines.envoy().module(trapInLog().build()).workers(2).start()) {
      envoy.run(STREAM);

      assertThat(envoy.run(STREAM).filterRan()).isTrue();
      assertThat(envoy.run(STREAM).filterRan()).isFalse();
    }
  }

  @Test
  void aHostcallInTheAllocatorTrapsAndTheCallerGetsAnInvalidMemoryAccess() {
    ModuleBuilder module =
        Guests.inLog(code -> code.getProperty("plugin_name").drop().log("goes on"))
            .function(
                "proxy_on_memory_allocate",
                "i32 -> i32",
                code -> code.call("proxy_get_current_time_nanoseconds", NUMBER).drop().i32(50_000));
    try (SimulatedEnvoy envoy = Engines.envoy().module(module.build()).pluginName("p").start()) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.failure()).contains("restricted_callback");
      assertThat(result.code()).hasValue(200);
      assertThat(envoy.logs())
          .extracting(LogLine::message)
          .containsExactly("Function: malloc failed: restricted_callback", "wasm log p: goes on");
    }
  }

  @Test
  void loggingInTheAllocatorIsAllowed() {
    ModuleBuilder module =
        Guests.inLog(code -> code.getProperty("plugin_name").report("result"))
            .function(
                "proxy_on_memory_allocate",
                "i32 -> i32",
                code -> code.log("allocating").i32(50_000));
    try (SimulatedEnvoy envoy = Engines.envoy().module(module.build()).pluginName("p").start()) {

      envoy.run(STREAM);

      assertThat(envoy.logs()).containsExactly(new LogLine(LogLevel.INFO, "wasm log: allocating"));
      assertThat(envoy.stats().gauge("wasmcustom.result")).hasValue(0);
    }
  }

  @Test
  void anAllocatorThatGivesBadAddressesIsAnInvalidMemoryAccess() {
    ModuleBuilder module =
        Guests.inLog(code -> code.getProperty("plugin_name").report("result"))
            .function("proxy_on_memory_allocate", "i32 -> i32", code -> code.i32(-2));
    try (SimulatedEnvoy envoy = Engines.envoy().module(module.build()).pluginName("p").start()) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.vmFailed()).isFalse();
      assertThat(envoy.stats().gauge("wasmcustom.result")).hasValue(6);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.nametag.hostsim.testing.Engines#all")
  void endlessRecursionIsATrap(EngineKind engine) {
    ModuleBuilder module =
        new ModuleBuilder()
            .function("deep", "void -> void", code -> code.recurse("deep"))
            .function("proxy_on_log", "i32 -> void", code -> code.recurse("deep"));
    try (SimulatedEnvoy envoy = Engines.envoy().module(module.build()).engine(engine).start()) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.vmFailed()).isTrue();
      assertThat(result.code()).hasValue(200);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.nametag.hostsim.testing.Engines#all")
  void aModuleThatNeverReturnsTrapsWhenItsThreadIsInterrupted(EngineKind engine) {
    ModuleBuilder module =
        new ModuleBuilder().function("proxy_on_log", "i32 -> void", code -> code.log("in").loop());
    Thread worker = Thread.currentThread();
    try (SimulatedEnvoy envoy =
        Engines.envoy()
            .module(module.build())
            .engine(engine)
            .logListener(line -> worker.interrupt())
            .start()) {

      StreamResult result = envoy.run(STREAM);

      assertThat(result.vmFailed()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** A module that counts each stream, reports the id of its counter, and then traps. */
  private static ModuleBuilder trapInLog() {
    return Guests.inConfigure(
            code -> {
              code.call("proxy_define_metric", 0, "calls", NUMBER).drop();
              code.load(NUMBER).report("id");
            })
        .function(
            "proxy_on_log",
            "i32 -> void",
            code -> code.call("proxy_increment_metric", 4, 1L).drop().trap());
  }

  private static SimulatedEnvoy start(ModuleBuilder module, FailurePolicy policy) {
    return Engines.envoy().module(module.build()).failurePolicy(policy).start();
  }
}
