package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.WasmTrapException;
import dev.nametag.hostsim.shared.SharedState;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.vm.FailurePolicy;
import dev.nametag.naming.LabelValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The budget over several workers, reloads and plugins, on the compiled module. */
class BudgetTest {
  private static final String OTHERS = "calls__user___other";
  private static final int WORKERS = 4;

  /** The numbers of the label sets of {@link #METRICS}. */
  private static final int CALLS = 0;

  private static final int TOTAL = 1;

  /** What is needed of Envoy, with the shared state of a process. */
  private final SharedState process = new SharedState();

  /** Returns what executes the module. */
  EngineKind engine() {
    return Compiled.ENGINE;
  }

  @Test
  void allWorkersTogetherHaveOneBudget() {
    try (SimulatedEnvoy envoy = envoy(10).start()) {
      for (int i = 0; i < 400; i++) {
        envoy.run(user("u" + i % 100));
      }

      Map<String, Long> calls = calls(envoy);
      assertThat(calls).hasSize(11).containsKey(OTHERS);
      assertThat(sum(calls)).isEqualTo(400);
      assertThat(FilterInWasmTest.metrics(envoy))
          .containsEntry("total", 400L)
          .containsEntry("nametag_series", 10L)
          .containsEntry("nametag_series_over_budget_total", calls.get(OTHERS))
          .containsEntry("nametag_errors_total", 0L);
    }
  }

  @Test
  void aLabelSetThatAllWorkersSeeIsCountedOnce() {
    try (SimulatedEnvoy envoy = envoy(10).start()) {
      for (int i = 0; i < 10 * WORKERS; i++) {
        envoy.run(user("u" + i / WORKERS));
      }

      Map<String, Long> calls = calls(envoy);
      assertThat(calls).hasSize(10).doesNotContainKey(OTHERS);
      assertThat(calls.values()).containsOnly((long) WORKERS);
      assertThat(envoy.stats().gauge("wasmcustom.nametag_series")).hasValue(10);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 128, 5000})
  void aListOfManyPagesHoldsAsManyAsTheBudgetSays(int userBytes) {
    String filler = "x".repeat(userBytes);
    try (SimulatedEnvoy envoy =
        envoy("{\"budget\": {\"series\": 300, \"valueBytes\": 4096}, " + METRICS).start()) {
      for (int i = 0; i < 1200; i++) {
        envoy.run(user(filler + i % 600));
      }

      Map<String, Long> calls = calls(envoy);
      assertThat(calls).hasSize(301);
      assertThat(calls.get(OTHERS)).isEqualTo(600);
      assertThat(sum(calls)).isEqualTo(1200);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void workersThatAddAtTheSameTimeKeepToTheBudget(long seed)
      throws InterruptedException, ExecutionException {
    int perThread = 2000;
    try (SimulatedEnvoy envoy = envoy(200).start()) {
      ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
      Future<?>[] running = new Future<?>[WORKERS];
      for (int t = 0; t < WORKERS; t++) {
        long start = seed * 7919 + t;
        running[t] =
            threads.submit(
                () -> {
                  for (int i = 0; i < perThread; i++) {
                    envoy.run(user("u" + (start + i * 31L) % 500));
                  }
                });
      }
      for (Future<?> each : running) {
        each.get();
      }
      threads.shutdown();

      Map<String, Long> calls = calls(envoy);
      assertThat(calls).hasSize(201);
      assertThat(sum(calls)).isEqualTo((long) WORKERS * perThread);
      assertThat(envoy.stats().gauge("wasmcustom.nametag_series")).hasValue(200);
    }
  }

  /**
   * Envoy drops shared data with the last VM of a vm_id; another plugin of the process holds it.
   */
  @Test
  void afterReloadsWithTheSameConfigurationTheSameLabelSetsHaveNames() {
    process.retain("");
    Set<String> first;
    try (SimulatedEnvoy envoy = envoy(10).start()) {
      IntStream.range(0, 30).forEach(i -> envoy.run(user("u" + i)));
      first = calls(envoy).keySet();
    }
    for (int reload = 0; reload < 3; reload++) {
      try (SimulatedEnvoy envoy = envoy(10).start()) {
        IntStream.range(0, 60).forEach(i -> envoy.run(user("u" + (59 - i))));

        Map<String, Long> calls = calls(envoy);
        assertThat(calls.keySet()).isEqualTo(first);
        assertThat(sum(calls)).isEqualTo(60);
        // It grows only with what is new.
        assertThat(envoy.stats().gauge("wasmcustom.nametag_series")).hasValue(0);
      }
    }
  }

  /** Stats survive a VM, its ids do not; Envoy gives the new one the stats of the same names. */
  @Test
  void aVmThatTakesAnothersPlaceGoesOnWithItsSeriesAndNumbers() {
    boolean[] traps = {false};
    Intercepted engine =
        new Intercepted(
            engine(),
            (name, arguments, real) -> {
              if (traps[0] && name.equals("proxy_increment_metric")) {
                throw new WasmTrapException("for the test");
              }
              return real.call(arguments);
            });
    try (SimulatedEnvoy envoy =
        envoy(10)
            .engine(engine)
            .pluginName("nametag")
            .workers(1)
            .failurePolicy(FailurePolicy.FAIL_RELOAD)
            .reloadBackoff(Duration.ZERO)
            .start()) {
      for (int vm = 0; vm < 3; vm++) {
        IntStream.range(0, 30).forEach(i -> envoy.run(user("u" + i)));
        traps[0] = true;
        envoy.run(user("u0"));
        traps[0] = false;
      }

      Map<String, Long> calls = calls(envoy);
      assertThat(calls).hasSize(11).containsEntry("calls__user__u0", 3L).containsEntry(OTHERS, 60L);
      assertThat(FilterInWasmTest.metrics(envoy))
          .containsEntry("total", 90L)
          .containsEntry("nametag_series", 10L)
          .containsEntry("nametag_series_over_budget_total", 60L);
      assertThat(envoy.stats().counter("wasm.nametag.vm_reload_success")).hasValue(2);
    }
  }

  @Test
  void anotherConfigurationAnotherPluginAndAnotherVmIdHaveBudgetsOfTheirOwn() {
    try (SimulatedEnvoy one = envoy(10).start();
        SimulatedEnvoy otherText = envoy(11).start();
        SimulatedEnvoy otherPlugin = envoy(10).pluginName("b").start();
        SimulatedEnvoy otherVm = envoy(10).vmId("x").start()) {
      for (SimulatedEnvoy envoy : new SimulatedEnvoy[] {one, otherText, otherPlugin, otherVm}) {
        IntStream.range(0, 40).forEach(i -> envoy.run(user("u" + i)));
      }

      assertThat(calls(one)).hasSize(11);
      assertThat(calls(otherText)).hasSize(12);
      assertThat(calls(otherPlugin)).hasSize(11);
      assertThat(calls(otherVm)).hasSize(11);
    }
  }

  static Stream<Arguments> foundUnderOurKeys() {
    return Stream.of(
        Arguments.of("nothing", new byte[0]),
        Arguments.of("a text", "garbage".getBytes(StandardCharsets.UTF_8)),
        Arguments.of("a page's mark alone", Arrays.copyOf(page(), 4)),
        Arguments.of("a wrong check sum", wrongSum(page(8, TOTAL, 0))),
        Arguments.of("a size that ends in the middle of a word", page(5, TOTAL, 0)),
        Arguments.of("a size beyond the page", page(1 << 20, TOTAL, 0)),
        Arguments.of("a key without a count of labels", page(0)),
        Arguments.of("more labels than bytes", page(8, CALLS, 1 << 30)),
        Arguments.of("fewer labels than none", page(8, CALLS, -1)),
        Arguments.of("a value beyond the key", page(16, CALLS, 1, 100 << 3 | 3, 0)),
        Arguments.of("a value of more than memory", page(16, CALLS, 1, -1, 0)),
        Arguments.of("bytes behind the values", page(24, CALLS, 1, 2, 0, 0, 0)),
        Arguments.of("a label set that there is not", page(8, 99, 0)),
        Arguments.of("a label set below all", page(8, -1, 0)));
  }

  /** As SeriesKey and Page say, in numbers of 4 bytes: mark, check sum, not closed, and these. */
  private static byte[] page(int... numbers) {
    ByteBuffer page = ByteBuffer.allocate(12 + 4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    page.put("nts2".getBytes(StandardCharsets.UTF_8)).putInt(0).putInt(0);
    for (int number : numbers) {
      page.putInt(number);
    }
    int sum = page.capacity();
    for (int i = 8; i < page.capacity(); i++) {
      sum = sum * 31 + page.get(i);
    }
    return page.putInt(4, sum).array();
  }

  private static byte[] wrongSum(byte[] page) {
    page[4]++;
    return page;
  }

  /** So that the pages above fail for what they are named for. */
  @Test
  void aPageOfThatFormIsTakenOver() {
    String configuration = "{\"budget\": {\"series\": 10}, " + METRICS;
    byte[] page = page(24, CALLS, 1, 2 << 3 | 3, 0, 'u' | '7' << 8, 0);
    process.data().set("", keyOf("p", configuration), ByteString.of(page), 0);

    try (SimulatedEnvoy envoy = envoy(configuration).start()) {
      for (int i = 0; i < 100; i++) {
        envoy.run(user("u" + i % 20));
      }

      assertThat(calls(envoy)).hasSize(11).containsEntry("calls__user__u7", 5L);
      assertThat(envoy.stats().gauge("wasmcustom.nametag_series")).hasValue(9);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("foundUnderOurKeys")
  void whatSomebodyElseWritesUnderOurKeysIsSurvived(String what, byte[] bytes) {
    String configuration = "{\"budget\": {\"series\": 10}, " + METRICS;
    process.data().set("", keyOf("p", configuration), ByteString.of(bytes), 0);

    try (SimulatedEnvoy envoy = envoy(configuration).start()) {
      for (int i = 0; i < 400; i++) {
        envoy.run(user("u" + i % 100));
      }

      Map<String, Long> calls = calls(envoy);
      assertThat(calls.size()).isBetween(11, WORKERS * 10 + 1);
      assertThat(sum(calls)).isEqualTo(400);
      assertThat(envoy.logs())
          .as(what)
          .anyMatch(line -> line.message().contains("label sets are not shared"));
    }
  }

  @Test
  void withoutSharedDataTheBudgetIsForEachWorker() {
    Set<String> allowed =
        Set.of(
            "proxy_on_context_create",
            "proxy_on_configure",
            "proxy_on_log",
            "proxy_log",
            "proxy_get_property",
            "proxy_get_buffer_bytes",
            "proxy_define_metric",
            "proxy_increment_metric",
            "proxy_record_metric",
            "proxy_get_header_map_value");
    try (SimulatedEnvoy envoy = envoy(10).capabilities(allowed).start()) {
      for (int i = 0; i < 404; i++) {
        envoy.run(user("u" + i % 101));
      }

      Map<String, Long> calls = calls(envoy);
      assertThat(calls).hasSize(WORKERS * 10 + 1);
      assertThat(sum(calls)).isEqualTo(404);
      assertThat(envoy.stats().gauge("wasmcustom.nametag_series")).hasValue(WORKERS * 10);
    }
  }

  private static final String METRICS =
      "\"labels\": {\"user\": {\"from\": \"request.headers[\\\"x-user\\\"]\", \"trusted\": true}},"
          + " \"metrics\": {\"calls\": {\"count\": \"all\", \"labels\": [\"user\"]},"
          + " \"total\": {\"count\": \"all\"}}}";

  private SimulatedEnvoy.Builder envoy(int series) {
    return envoy("{\"budget\": {\"series\": " + series + "}, " + METRICS);
  }

  private SimulatedEnvoy.Builder envoy(String configuration) {
    return SimulatedEnvoy.builder()
        .module(NametagModule.bytes())
        .engine(engine())
        .workers(WORKERS)
        .pluginName("p")
        .shared(process)
        .pluginConfiguration(configuration.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteString keyOf(String plugin, String configuration) {
    String hash = HexFormat.of().formatHex(LabelValue.of(configuration).hash());
    return ByteString.utf8("nametag/series/2/" + plugin + "/" + hash + "/0");
  }

  private static StreamScenario user(String name) {
    return StreamScenario.builder().requestHeader("x-user", name).build();
  }

  private static Map<String, Long> calls(SimulatedEnvoy envoy) {
    Map<String, Long> calls = new TreeMap<>(FilterInWasmTest.metrics(envoy));
    calls.keySet().removeIf(name -> !name.startsWith("calls__"));
    return calls;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
