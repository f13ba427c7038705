package dev.nametag.relabel.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.fixtures.RealComponents;
import dev.nametag.fixtures.RealPrometheus;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random adversarial label sets through the generated rules, in our engine and in a real
 * Prometheus: {@value #SERIES}, or as many as the system property {@code nametag.series} says. What
 * each must become follows from its values, see {@link RandomSeries}.
 */
class RandomSeriesInPrometheusTest {
  private static final int SERIES = 10_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final List<RandomSeries> all =
      RandomSeries.distinct(4, Integer.getInteger("nametag.series", SERIES));

  @Test
  void noTwoShareTheirLabelsAndNoneIsForged() {
    RelabelRules rules = RuleGenerator.toRules(RuleGenerator.generate(RandomSeries.SCHEMA));
    long start = System.nanoTime();
    Map<Map<String, String>, String> actual = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      actual.put(map(rules.apply(all.get(i).raw()).orElseThrow()), Integer.toString(i));
    }
    printRunTime("the relabel engine", start);

    check(actual);
  }

  @Test
  void prometheusStoresTheSame() throws Exception {
    RealComponents.require(RealComponents.PROMETHEUS);
    StringBuilder page = new StringBuilder();
    for (int i = 0; i < all.size(); i++) {
      page.append(line(all.get(i).raw())).append(' ').append(i).append('\n');
    }
    long start = System.nanoTime();
    try (PageServer server = PageServer.of(page.toString())) {
      PrometheusTarget target =
          new PrometheusTarget("random", List.of(server.address()), Map.of(), "15s");
      try (RealPrometheus prometheus =
          RealPrometheus.start(target.yaml(RandomSeries.SCHEMA, Decoding.DEFAULT))) {
        prometheus.await(
            "scrape_samples_scraped",
            answer -> answer.contains("\"" + all.size() + "\""),
            PATIENCE);
        Map<Map<String, String>, String> stored =
            StoredSeries.of(
                prometheus.await(
                    "{job=\"random\",__name__!~\"up|scrape_.*\"}",
                    answer -> StoredSeries.of(answer).size() > 0,
                    PATIENCE));
        printRunTime("a real Prometheus", start);

        check(stored);
      }
    }
  }

  /** Every series is there under its own labels with its own value: none is lost or merged. */
  private void check(Map<Map<String, String>, String> actual) {
    assertThat(actual).hasSameSizeAs(all);
    for (int i = 0; i < all.size(); i++) {
      assertThat(actual.get(map(all.get(i).expected())))
          .as(all.get(i).raw().toString())
          .isEqualTo(Integer.toString(i));
    }
  }

  private void printRunTime(String where, long start) {
    System.out.printf(
        "Random label sets in %s: %,d in %.1f s%n",
        where, all.size(), (System.nanoTime() - start) / 1e9);
  }

  private static String line(Labels labels) {
    StringBuilder line = new StringBuilder();
    labels.forEach(
        (name, value) -> {
          if (name.equals("__name__")) {
            line.insert(0, value + "{");
          } else {
            line.append(name).append("=\"").append(value).append("\",");
          }
        });
    return line.append('}').toString();
  }

  private static Map<String, String> map(Labels labels) {
    Map<String, String> map = new TreeMap<>();
    labels.forEach(map::put);
    return map;
  }
}
