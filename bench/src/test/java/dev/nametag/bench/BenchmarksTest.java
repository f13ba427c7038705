package dev.nametag.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.relabel.engine.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs what is measured once, without a clock: it must do what its name says. */
class BenchmarksTest {
  @ParameterizedTest
  @EnumSource(Caller.class)
  void namesAreWritten(Caller caller) {
    EncodeBenchmark benchmark = new EncodeBenchmark();
    benchmark.caller = caller;
    benchmark.prepare();

    assertThat(benchmark.concatenation()).contains(caller.user());
    assertThat(benchmark.chargeback()).contains("__user___" + caller.user().charAt(0));
    assertThat(benchmark.lossless()).contains("__namespace__llm_2dd");
  }

  @ParameterizedTest
  @EnumSource(Caller.class)
  void onlyTheLosslessRulesBringTheUserBackWhole(Caller caller) {
    RelabelBenchmark benchmark = new RelabelBenchmark();
    benchmark.caller = caller;
    benchmark.prepare();

    Labels untouched = benchmark.noRules().orElseThrow();
    Labels chargeback = benchmark.chargeback().orElseThrow();
    Labels lossless = benchmark.lossless().orElseThrow();

    assertThat(untouched.has("user")).isFalse();
    assertThat(chargeback.get("user"))
        .isEqualTo("1" + caller.user().replaceAll("[^A-Za-z0-9]", "_"));
    assertThat(lossless.get("user")).isEqualTo("2" + caller.user());
    assertThat(lossless.metricName()).isEqualTo(chargeback.metricName());
  }

  @ParameterizedTest
  @EnumSource(Caller.class)
  void bothMapsFindTheSameSeries(Caller caller) {
    MapBenchmark benchmark = new MapBenchmark();
    benchmark.caller = caller;
    benchmark.prepare();

    for (int i = 1; i < 100; i++) {
      int expected = i * 2 * 7_919 % 10_000;
      benchmark.hashMap();
      assertThat(benchmark.memoryMap()).isEqualTo(expected);
    }
  }

  @Test
  void aSpiffeIdNeedsMoreThanTheFirstStageOfDecoding() {
    assertThat(Caller.SPIFFE.user().replaceAll("[A-Za-z0-9]", "").length()).isGreaterThan(4);
  }
}
