package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Many requests of many users, far over the budget, on four workers. {@code
 * -Dnametag.soak=10000000} sets how many requests; a tenth as many users call, each about ten
 * times.
 */
class SoakTest {
  private static final int REQUESTS = Integer.getInteger("nametag.soak", 30_000);
  private static final int USERS = REQUESTS / 10;
  private static final int SERIES = 1000;
  private static final int WORKERS = 4;

  private static final String CONFIGURATION =
      """
      {"labels": {"user": {"from": "request.headers[\\"x-user\\"]", "trusted": true}},
       "metrics": {"calls": {"count": "all", "labels": ["user"]},
                   "authorized": {"count": "authorized", "labels": ["user"]},
                   "total": {"count": "all"}},
       "budget": {"series": 1000}}
      """;

  /** Returns what executes the module. */
  EngineKind engine() {
    return Compiled.ENGINE;
  }

  @Test
  void theBudgetHoldsSumsAreExactAndMemoryIsFlat() {
    Intercepted engine = new Intercepted(engine(), Intercepted.Host.real());
    long start = System.nanoTime();
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(NametagModule.bytes())
            .engine(engine)
            .workers(WORKERS)
            .logLevel(LogLevel.INFO)
            .pluginConfiguration(CONFIGURATION.getBytes(StandardCharsets.UTF_8))
            .start()) {
      SplittableRandom random = new SplittableRandom(1);
      long pagesBefore = 0;
      for (int i = 0; i < REQUESTS; i++) {
        String user = "user-" + random.nextInt(USERS) + "@example.com";
        StreamResult result =
            envoy.run(StreamScenario.builder().requestHeader("x-user", user).build());
        assertThat(result.failure()).isEmpty();
        if (i == REQUESTS / 2) {
          pagesBefore = engine.memoryPages();
        }
      }

      Map<String, Long> metrics = FilterInWasmTest.metrics(envoy);
      Map<String, Long> calls = startingWith("calls__", metrics);
      Map<String, Long> authorized = startingWith("authorized__", metrics);
      assertThat(calls).hasSize(SERIES + 1).containsKey("calls__user___other");
      assertThat(authorized).hasSize(SERIES + 1);
      assertThat(sum(calls)).isEqualTo(REQUESTS);
      assertThat(sum(authorized)).isEqualTo(REQUESTS);
      assertThat(metrics)
          .containsEntry("total", (long) REQUESTS)
          .containsEntry("nametag_series", (long) SERIES)
          .containsEntry("nametag_series_over_budget_total", calls.get("calls__user___other"))
          .containsEntry("nametag_errors_total", 0L);
      assertThat(engine.memoryPages()).isEqualTo(pagesBefore);
      System.out.printf(
          "%,d requests of %,d users: %,d s, %d pages of 64 KiB after half of them and at the end%n",
          REQUESTS, USERS, (System.nanoTime() - start) / 1_000_000_000, pagesBefore);
    }
  }

  private static Map<String, Long> startingWith(String prefix, Map<String, Long> metrics) {
    Map<String, Long> found = new TreeMap<>(metrics);
    found.keySet().removeIf(name -> !name.startsWith(prefix));
    return found;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
