package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.wasm.Parser;
import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several values of a request that together are more than the host has room for at once: each
 * stream counts under its own values, whichever of them had to be read again.
 */
class LargeValuesTest {
  private static final String[] LABELS = {"a", "b", "c", "d", "e"};
  private static final int VALUE_BYTES = 64;
  private static final int MAX_VALUE = 1 << 20;
  private static final int ARENA = 1 << 16;
  private static final int STREAMS = 40;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 1)
  void everyStreamCountsUnderItsOwnValues(long seed) {
    Random random = new Random(seed);
    Map<String, Long> expected = new TreeMap<>();
    try (SimulatedEnvoy envoy = envoy(4096)) {
      for (int i = 0; i < STREAMS; i++) {
        String plugin = random.nextBoolean() ? "one" : "two";
        Map<String, String> values = values(random);
        assertPassed(run(envoy, plugin, values));
        expected.merge(name(plugin, values), 1L, Long::sum);
        expected.merge(plugin + "_total", 1L, Long::sum);
      }

      Map<String, Long> counted = FilterInWasmTest.metrics(envoy);
      counted.keySet().removeIf(name -> name.startsWith("nametag_"));
      assertThat(counted).isEqualTo(expected);
    }
  }

  /** What was read before memory ran out must not be taken for what lies there later. */
  @ParameterizedTest(name = "{0} pages more than at the start")
  @ValueSource(ints = {0, 8, 10})
  void withoutMemoryForThemAValueIsItsOwnOrAbsent(int pages) {
    Random random = new Random(pages);
    try (SimulatedEnvoy envoy = envoy(initialPages() + pages)) {
      Map<String, Long> before = FilterInWasmTest.metrics(envoy);
      for (int i = 0; i < STREAMS; i++) {
        String plugin = random.nextBoolean() ? "one" : "two";
        Map<String, String> values = values(random);
        assertPassed(run(envoy, plugin, values));

        Map<String, Long> after = FilterInWasmTest.metrics(envoy);
        Map<String, Long> added = new TreeMap<>(after);
        before.forEach((name, count) -> added.merge(name, -count, Long::sum));
        added.values().removeIf(count -> count == 0);
        before = after;
        boolean failed = added.containsKey("nametag_errors_total");
        added.keySet().removeIf(name -> name.startsWith("nametag_"));
        assertThat(added.remove(plugin + "_total")).isEqualTo(1);
        assertThat(added).hasSizeBetween(failed ? 0 : 1, 1);
        added.forEach(
            (name, count) -> {
              assertThat(count).isEqualTo(1);
              assertThat(name).matches(each -> isFor(each, plugin, values));
            });
      }
    }
  }

  /** Returns whether a series is for these values, of which some may be absent, or the others. */
  private static boolean isFor(String name, String plugin, Map<String, String> values) {
    StringBuilder all = new StringBuilder(plugin);
    StringBuilder others = new StringBuilder(plugin);
    for (String label : LABELS) {
      String prefix = "__" + label + "__";
      all.append(prefix).append("(?:_none|").append(shown(values.get(label))).append(')');
      others.append(prefix).append("_other");
    }
    return name.matches(all.toString()) || name.contentEquals(others);
  }

  private static String name(String plugin, Map<String, String> values) {
    StringBuilder name = new StringBuilder(plugin);
    for (String label : LABELS) {
      name.append("__").append(label).append("__").append(shown(values.get(label)));
    }
    return name.toString();
  }

  private static String shown(String value) {
    boolean absent = value == null || value.length() > MAX_VALUE;
    return new LosslessCodec(VALUE_BYTES).encode(absent ? LabelValue.ABSENT : LabelValue.of(value));
  }

  private static Map<String, String> values(Random random) {
    Map<String, String> values = new HashMap<>();
    for (String label : LABELS) {
      int size =
          switch (random.nextInt(16)) {
            case 0 -> -1;
            case 1, 2 -> ARENA - random.nextInt(3 * VALUE_BYTES);
            case 3 -> ARENA / 2 - random.nextInt(VALUE_BYTES);
            case 4 -> MAX_VALUE - 1 + random.nextInt(3);
            case 5 -> random.nextInt(MAX_VALUE);
            case 6 -> VALUE_BYTES + random.nextInt(2);
            default -> 1 + random.nextInt(VALUE_BYTES);
          };
      if (size >= 0) {
        char filler = (char) ('a' + random.nextInt(26));
        values.put(label, random.nextInt(10) + String.valueOf(filler).repeat(size - 1));
      }
    }
    return values;
  }

  private static StreamResult run(SimulatedEnvoy envoy, String plugin, Map<String, String> values) {
    StreamScenario.Builder stream = StreamScenario.builder().path("/");
    values.forEach((label, value) -> stream.requestHeader("x-" + label, value));
    return plugin.equals("one")
        ? envoy.run(stream.build())
        : envoy.plugin("two").run(stream.build());
  }

  private static void assertPassed(StreamResult result) {
    assertThat(result.failure()).isEmpty();
    assertThat(result.vmFailed()).isFalse();
    assertThat(result.code()).hasValue(200);
  }

  private static SimulatedEnvoy envoy(int pages) {
    return SimulatedEnvoy.builder()
        .module(NametagModule.bytes())
        .engine(Compiled.ENGINE)
        .maxMemoryPages(pages)
        .pluginName("one")
        .pluginConfiguration(configuration("one"))
        .anotherPlugin("two", "", configuration("two"))
        .start();
  }

  private static byte[] configuration(String metric) {
    StringBuilder labels = new StringBuilder();
    StringBuilder names = new StringBuilder();
    for (String label : LABELS) {
      String before = labels.isEmpty() ? "" : ", ";
      labels
          .append(before)
          .append('"')
          .append(label)
          .append("\": {\"from\": \"request.headers[\\\"x-");
      labels.append(label).append("\\\"]\", \"trusted\": true}");
      names.append(before).append('"').append(label).append('"');
    }
    return ("{\"labels\": {"
            + labels
            + "}, \"metrics\": {\""
            + metric
            + "\": {\"count\": \"all\", \"labels\": ["
            + names
            + "]}, \""
            + metric
            + "_total\": {\"count\": \"all\"}}, \"budget\": {\"series\": 100000, \"valueBytes\": "
            + VALUE_BYTES
            + "}}")
        .getBytes(StandardCharsets.UTF_8);
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
