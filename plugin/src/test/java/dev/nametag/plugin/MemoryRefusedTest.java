package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.wasm.Parser;
import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A host that refuses memory at any point: no VM fails, every stream passes, and every stream is
 * counted or {@code nametag_errors_total} says that it is not.
 */
class MemoryRefusedTest {
  private static final int STREAMS = 2000;
  private static final String OTHERS = "calls__user___other__groups___other";
  private static final int LARGE = 200_000;

  private static final String LABELS =
      """
      {"labels": {"user": "auth.identity.userid",
                  "groups": {"from": "auth.identity.groups", "list": "joined"}},
      """;

  private static final String CONFIGURATION =
      LABELS
          + """
          "metrics": {"calls": {"count": "all", "labels": ["user", "groups"]},
                      "total": {"count": "all"}},
          "budget": {"series": 100000, "valueBytes": 1024}}
          """;

  @ParameterizedTest(name = "{0} pages more than at the start")
  @ValueSource(ints = {0, 1, 2, 3, 5, 8, 21, 55})
  void everyStreamPassesAndIsCounted(int pages) {
    Random random = new Random(pages);
    try (SimulatedEnvoy envoy = envoy(initialPages() + pages, CONFIGURATION)) {
      for (int i = 0; i < STREAMS; i++) {
        assertPassed(envoy.run(stream(random, i)));
      }

      Map<String, Long> metrics = FilterInWasmTest.metrics(envoy);
      long calls = 0;
      for (Map.Entry<String, Long> metric : metrics.entrySet()) {
        calls += metric.getKey().startsWith("calls__") ? metric.getValue() : 0;
      }
      assertThat(metrics).containsEntry("total", (long) STREAMS);
      assertThat(calls).isLessThanOrEqualTo(STREAMS);
      assertThat(STREAMS - calls).isLessThanOrEqualTo(metrics.get("nametag_errors_total"));
      assertThat(metrics.getOrDefault(OTHERS, 0L))
          .isEqualTo(metrics.get("nametag_series_over_budget_total"));
    }
  }

  /** The host also takes memory away from under what a configuration needs. */
  @ParameterizedTest(name = "{0} metrics")
  @ValueSource(ints = {100, 600, 900, 1200, 1600, 4000})
  void aConfigurationIsTakenOrRefusedWithAReason(int count) {
    StringBuilder metrics = new StringBuilder("\"metrics\": {\"total\": {\"count\": \"all\"}");
    for (int i = 0; i < count; i++) {
      metrics
          .append(", \"calls_")
          .append(i)
          .append("\": {\"count\": \"all\", \"labels\": [\"user\"]}");
    }
    try (SimulatedEnvoy envoy = envoy(initialPages(), LABELS + metrics + "}}")) {
      assertPassed(envoy.run(stream(new Random(1), 1)));

      Map<String, Long> shown = FilterInWasmTest.metrics(envoy);
      String log = envoy.logs().toString();
      if (shown.containsKey("total")) {
        assertThat(shown).containsEntry("total", 1L);
      } else {
        assertThat(shown).containsEntry("nametag_config_rejected", 1L);
        assertThat(log).contains("CRITICAL").contains("OutOfMemoryError");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"\\n\"", "[]", "null"})
  void aListOfVeryManyElementsIsNoReasonToFail(String element) {
    String list = "[" + (element + ",").repeat((1 << 20) / (element.length() + 1) - 2) + "2]";
    try (SimulatedEnvoy envoy = envoy(4096, CONFIGURATION)) {
      assertPassed(
          envoy.run(
              FilterRuns.stream()
                  .filterState("wasm.kuadrant.auth.identity.userid", "u")
                  .filterState("wasm.kuadrant.auth.identity.groups", list)
                  .build()));

      assertThat(FilterInWasmTest.metrics(envoy)).containsEntry("total", 1L);
    }
  }

  @Test
  void aHostWithoutMemoryForTheFirstHeapSaysSo() {
    assertThatThrownBy(() -> envoy(initialPages() - 1, CONFIGURATION).close())
        .isInstanceOf(ModuleLoadException.class)
        .hasMessageContaining("memory pages wanted");
  }

  private static void assertPassed(StreamResult result) {
    assertThat(result.failure()).isEmpty();
    assertThat(result.vmFailed()).isFalse();
    assertThat(result.code()).hasValue(200);
  }

  private static StreamScenario stream(Random random, int number) {
    StringBuilder user = new StringBuilder();
    if (random.nextInt(8) == 0) {
      user.append("\\n");
    }
    user.append(number);
    int kind = random.nextInt(32);
    int length = kind == 0 ? LARGE : kind < 3 ? 1500 : random.nextInt(1200);
    while (user.length() < length) {
      user.append((char) ('a' + random.nextInt(26)));
    }
    StringBuilder groups = new StringBuilder("[");
    int count = random.nextInt(20);
    for (int i = 0; i < count; i++) {
      groups.append(i == 0 ? "" : ",").append("\"g").append(random.nextInt(100)).append('"');
    }
    return FilterRuns.stream()
        .filterState("wasm.kuadrant.auth.identity.userid", '"' + user.toString() + '"')
        .filterState("wasm.kuadrant.auth.identity.groups", groups.append(']').toString())
        .build();
  }

  private static SimulatedEnvoy envoy(int pages, String configuration) {
    return SimulatedEnvoy.builder()
        .module(NametagModule.bytes())
        .engine(Compiled.ENGINE)
        .maxMemoryPages(pages)
        .pluginConfiguration(configuration.getBytes(StandardCharsets.UTF_8))
        .start();
  }

  private static int initialPages() {
    return Parser.parse(NametagModule.bytes())
        .memorySection()
        .orElseThrow()
        .getMemory(0)
        .limits()
        .initialPages();
  }
}
