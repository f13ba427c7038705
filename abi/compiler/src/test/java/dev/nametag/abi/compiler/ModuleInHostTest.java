package dev.nametag.abi.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.abi.compiler.samples.ChurningFilter;
import dev.nametag.abi.compiler.samples.GoodFilter;
import dev.nametag.abi.compiler.samples.HoardingFilter;
import dev.nametag.abi.compiler.samples.MapFilter;
import dev.nametag.abi.compiler.samples.PrintingFilter;
import dev.nametag.abi.compiler.samples.RecursingFilter;
import dev.nametag.abi.compiler.samples.ThrowingFilter;
import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled filters in the simulated Envoy. */
@Timeout(120)
class ModuleInHostTest {
  private static final StreamScenario STREAM = StreamScenario.builder().build();

  @Test
  void whateverACallbackThrowsIsLoggedAndTheStreamGoesOn() {
    List<String> log = new ArrayList<>();
    try (SimulatedEnvoy envoy = start(ThrowingFilter.class)) {
      for (int i = 0; i < 200; i++) {
        StreamResult result = envoy.run(STREAM);
        assertThat(result.code()).hasValue(200);
        assertThat(result.failure()).isEmpty();
        assertThat(result.vmFailed()).isFalse();
      }
      log.addAll(messages(envoy));
    }

    assertThat(log)
        .containsOnly(
            "ERROR proxy_on_vm_start: java.lang.NullPointerException",
            "ERROR proxy_on_configure: java.lang.ArrayIndexOutOfBoundsException",
            "ERROR proxy_on_context_create: java.lang.IllegalArgumentException: third",
            "INFO !;1;!;no luck",
            "ERROR proxy_on_log: java.lang.IllegalStateException: no luck",
            "ERROR proxy_on_done: java.lang.ClassCastException",
            "ERROR proxy_on_delete: java.lang.AssertionError: never so");
  }

  @Test
  void whatAFilterPrintsIsLogged() {
    long before = System.currentTimeMillis();
    try (SimulatedEnvoy envoy = start(PrintingFilter.class)) {
      assertThat(envoy.run(STREAM).failure()).isEmpty();

      String printed = String.join("|", messages(envoy));
      assertThat(printed).contains("INFO out größe").contains("ERROR err").contains("INFO time ");
      String digits =
          printed.substring(printed.indexOf("time ") + "time ".length()).substring(0, 13);
      assertThat(Long.parseLong(digits)).isBetween(before, System.currentTimeMillis());
    }
  }

  @Test
  void theEnvironmentAndTheClockCanBeRead() {
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(Samples.module(GoodFilter.class))
            .engine(EngineKind.INTERPRETER)
            .environment(Map.of("NAMES", "wrong", "NAME", "größe=1", "OTHER", ""))
            .start()) {
      assertThat(envoy.run(STREAM).failure()).isEmpty();

      assertThat(messages(envoy)).last().asString().matches("INFO \\d{13} größe=1");
    }
  }

  @Test
  void theGarbageCollectorKeepsWhatIsInUseAlsoWhileTheHostAsksForMemory() {
    byte[] large = new byte[100_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i % 251);
    }
    StreamScenario stream =
        StreamScenario.builder().filterState("large", large).filterState("small", "small").build();
    try (SimulatedEnvoy envoy = start(ChurningFilter.class)) {
      for (int i = 1; i <= 45; i++) {
        StreamResult result = envoy.run(stream);

        assertThat(result.failure()).isEmpty();
        assertThat(messages(envoy))
            .last()
            .isEqualTo("INFO " + i + " " + Math.min(2_000, i * 100) + " ok");
      }
    }
  }

  /** Blocks of memory must stay where they are while the collector moves everything else. */
  @Test
  void aMapInLinearMemoryHoldsWhatAHashMapHolds() {
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(Samples.module(MapFilter.class))
            .engine(EngineKind.COMPILER)
            .start()) {
      for (int i = 1; i <= 12; i++) {
        assertThat(envoy.run(STREAM).failure()).isEmpty();

        assertThat(messages(envoy))
            .last()
            .isEqualTo("INFO " + i * 400 + " of " + i * 400 + ", wrong: 0");
      }
    }
  }

  /** What is there must stay as it is when memory is refused, and be given back when let go. */
  @ParameterizedTest
  @ValueSource(ints = {45, 46, 60, 100})
  void aFullHeapIsAnExceptionThatCanBeCaught(int pages) {
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(Samples.module(HoardingFilter.class))
            .engine(EngineKind.COMPILER)
            .maxMemoryPages(pages)
            .start()) {
      for (int i = 1; i <= 3; i++) {
        assertThat(envoy.run(STREAM).failure()).isEmpty();

        assertThat(messages(envoy)).last().isEqualTo("INFO " + i + " 7 intact");
      }
    }
  }

  @Test
  void recursionThatIsDeepButNotTooDeepWorks() {
    try (SimulatedEnvoy envoy = start(RecursingFilter.class)) {
      StreamResult result = envoy.run(StreamScenario.builder().path("x".repeat(1_000)).build());

      assertThat(result.failure()).isEmpty();
      assertThat(messages(envoy)).last().isEqualTo("INFO depth 1000");
    }
  }

  /** TeaVM's stack has 256 KiB; the engine, which uses the thread's, needs far more for that. */
  @ParameterizedTest
  @ValueSource(ints = {17_000, 40_000})
  void recursionThatIsTooDeepFailsTheVmBeforeItReachesTheHeap(int depth) throws Exception {
    try (SimulatedEnvoy envoy = start(RecursingFilter.class)) {
      StreamScenario stream = StreamScenario.builder().path("x".repeat(depth)).build();
      FutureTask<StreamResult> run = new FutureTask<>(() -> envoy.run(stream));
      new Thread(null, run, "deep", 512L << 20).start();

      assertThat(run.get().vmFailed()).isTrue();
      assertThat(messages(envoy)).contains("CRITICAL stack overflow");
    }
  }

  private static SimulatedEnvoy start(Class<?> filter) {
    return SimulatedEnvoy.builder()
        .module(Samples.module(filter))
        .engine(EngineKind.INTERPRETER)
        .start();
  }

  private static List<String> messages(SimulatedEnvoy envoy) {
    List<String> messages = new ArrayList<>();
    for (LogLine line : envoy.logs()) {
      messages.add(line.level() + " " + line.message().substring(line.message().indexOf(": ") + 2));
    }
    return messages;
  }
}
