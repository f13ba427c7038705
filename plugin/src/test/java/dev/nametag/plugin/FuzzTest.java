package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random configurations, values and failures of the host against the compiled module: nothing
 * traps, requests pass untouched, every stream has one outcome, and no name is anything but what
 * the grammar in docs/names.md says of the values that were sent.
 *
 * <p>{@code -Dnametag.fuzzSeconds=300} sets how long; {@code -Dnametag.fuzzSeed=N} plays one round
 * again. A round that fails becomes a named case; one of the first was {@link
 * NeverInTheWayTest#valuesOfAnySizeAreCounted}, where 5 MiB ended the VM.
 */
class FuzzTest {
  private static final int SECONDS = Integer.getInteger("nametag.fuzzSeconds", 20);
  private static final List<String> OUTCOMES =
      List.of("authorized", "limited", "denied", "error", "aborted");

  private static final Pattern NAME =
      Pattern.compile(
          "calls__user__(VALUE)__group__(VALUE)__namespace__(VALUE)"
              .replace("VALUE", "(?:[A-Za-z0-9]|_[0-9a-f]{2})*(?:_h[0-9a-f]{32})?|_none|_other"));

  @Test
  void nothingIsInTheWayOfAnything() {
    Long seed = Long.getLong("nametag.fuzzSeed");
    if (seed != null) {
      round(seed);
      return;
    }
    long first = System.currentTimeMillis() * 1000;
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    long rounds = 0;
    while (System.nanoTime() < end) {
      round(first + rounds);
      rounds++;
    }
    System.out.println("fuzzed: " + rounds + " rounds from seed " + first);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theSameRoundsEveryTime(long seed) {
    round(seed);
  }

  private static void round(long seed) {
    try {
      new Round(new SplittableRandom(seed)).run();
    } catch (RuntimeException | Error e) {
      throw new AssertionError("-Dnametag.fuzzSeed=" + seed + ": " + e.getMessage(), e);
    }
  }

  /** One configuration, and some streams. */
  private static final class Round {
    private final FuzzInput input;
    private final String configuration;
    private final Map<String, Integer> faults;
    private final Set<String> namespaces = new HashSet<>(Set.of("_none", "_other"));
    private boolean started;

    Round(SplittableRandom random) {
      input = new FuzzInput(random);
      configuration = input.configuration();
      faults = input.faults();
    }

    void run() {
      Intercepted engine =
          new Intercepted(
              Compiled.ENGINE,
              (name, arguments, real) ->
                  started && faults.containsKey(name) && input.now()
                      ? faults.get(name)
                      : real.call(arguments));
      try (SimulatedEnvoy envoy =
          SimulatedEnvoy.builder()
              .module(NametagModule.bytes())
              .engine(engine)
              .workers(2)
              .pluginConfiguration(configuration.getBytes(StandardCharsets.UTF_8))
              .start()) {
        started = true;
        int streams = input.count();
        int redirects = 0;
        for (int i = 0; i < streams; i++) {
          redirects += stream(envoy);
        }
        started = false;
        check(envoy, streams - redirects);
      }
    }

    /** Returns how many streams are not to be counted: 1 if this one went on as another. */
    private int stream(SimulatedEnvoy envoy) {
      byte[] user = input.header();
      StreamScenario stream = input.stream(user);
      namespaces.add(new LosslessCodec(4096).encode(LabelValue.of(user)));
      StreamResult result = envoy.run(stream);
      assertThat(result.failure()).isEmpty();
      assertThat(result.vmFailed()).isFalse();
      return result.details().equals("internal_redirect") ? 1 : 0;
    }

    private void check(SimulatedEnvoy envoy, int streams) {
      if (!input.isRight || faults.containsKey("proxy_define_metric")) {
        return;
      }
      boolean metricsFail = faults.containsKey("proxy_increment_metric");
      long sum = OUTCOMES.stream().mapToLong(name -> counter(envoy, name)).sum();
      if (!metricsFail) {
        assertThat(sum).isEqualTo(counter(envoy, "every"));
        // Whether a stream goes on as another is evidence, too.
        assertThat(sum).isGreaterThanOrEqualTo(streams);
        if (!faults.containsKey("proxy_get_property")) {
          assertThat(sum).isEqualTo(streams);
        }
      }
      if (configuration.contains("\"naming\": \"lossless\"")) {
        Map<String, Long> calls = FilterInWasmTest.metrics(envoy);
        calls.keySet().removeIf(name -> !name.startsWith("calls"));
        calls.keySet().forEach(this::checkName);
        if (!metricsFail) {
          assertThat(calls.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(sum);
        }
      }
    }

    private static long counter(SimulatedEnvoy envoy, String name) {
      return envoy.stats().counter("wasmcustom." + name).orElseThrow();
    }

    private void checkName(String name) {
      var matcher = NAME.matcher(name);
      assertThat(matcher.matches()).as(name).isTrue();
      String namespace = matcher.group(3);
      int cut = namespace.indexOf("_h");
      String start = cut < 0 ? namespace : namespace.substring(0, cut);
      assertThat(namespaces)
          .as(name)
          .anyMatch(sent -> cut < 0 ? sent.equals(start) : sent.startsWith(start));
    }
  }
}
