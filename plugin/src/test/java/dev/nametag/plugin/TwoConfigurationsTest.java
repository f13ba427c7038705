package dev.nametag.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two plugins with this module share their VMs; each counts as if it were alone. */
class TwoConfigurationsTest {

  private static final String BY_USER =
      "{\"labels\": {\"user\": {\"from\": \"request.headers[\\\"x-user\\\"]\", \"trusted\": true}},"
          + " \"metrics\": {\"NAME\": {\"count\": \"all\", \"labels\": [\"user\"]},"
          + " \"NAME_total\": {\"count\": \"all\"}}}";

  private static SimulatedEnvoy.Builder two(String first, String second) {
    return SimulatedEnvoy.builder()
        .module(NametagModule.bytes())
        .workers(2)
        .pluginName("one")
        .pluginConfiguration(first.getBytes(UTF_8))
        .anotherPlugin("two", "", second.getBytes(UTF_8));
  }

  private static String byUser(String metric) {
    return BY_USER.replace("NAME", metric);
  }

  @Test
  void eachCountsItsOwnStreamsUnderItsOwnNames() {
    Random random = new Random(1);
    Map<String, Long> expected = new TreeMap<>();
    try (SimulatedEnvoy envoy = two(byUser("first"), byUser("second")).start()) {
      for (int i = 0; i < 2000; i++) {
        String metric = random.nextBoolean() ? "first" : "second";
        String user = "u" + random.nextInt(40);
        StreamScenario stream = StreamScenario.builder().requestHeader("x-user", user).build();
        if (metric.equals("first")) {
          envoy.run(stream);
        } else {
          envoy.plugin("two").run(stream);
        }
        expected.merge(metric + "__user__" + user, 1L, Long::sum);
        expected.merge(metric + "_total", 1L, Long::sum);
      }

      expected.forEach(
          (name, count) ->
              assertThat(envoy.stats().counter("wasmcustom." + name)).as(name).hasValue(count));
      assertThat(envoy.logs()).noneMatch(line -> line.level().compareTo(LogLevel.WARN) >= 0);
      assertThat(envoy.stats().gauge("wasmcustom.nametag_series"))
          .hasValue(expected.keySet().stream().filter(name -> name.contains("__")).count());
    }
  }

  @Test
  void oneThatIsRefusedLeavesTheOtherCounting() {
    try (SimulatedEnvoy envoy = two(byUser("first"), "{\"metrics\": 1}").start()) {
      StreamScenario stream = StreamScenario.builder().requestHeader("x-user", "a").build();

      envoy.plugin("two").run(stream);
      envoy.run(stream);
      envoy.plugin("two").run(stream);

      assertThat(envoy.stats().counter("wasmcustom.first__user__a")).hasValue(1);
      assertThat(envoy.stats().counter("wasmcustom.first_total")).hasValue(1);
      assertThat(envoy.stats().gauge("wasmcustom.nametag_config_rejected")).hasValue(1);
    }
  }

  @Test
  void theEndOfBothIsQuiet() {
    SimulatedEnvoy envoy = two(byUser("first"), byUser("second")).start();
    envoy.plugin("two").run(StreamScenario.builder().build());
    envoy.run(StreamScenario.builder().build());

    envoy.close();

    assertThat(envoy.logs()).noneMatch(line -> line.level().compareTo(LogLevel.WARN) >= 0);
  }
}
