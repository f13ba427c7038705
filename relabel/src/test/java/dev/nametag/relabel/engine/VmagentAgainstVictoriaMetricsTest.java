package dev.nametag.relabel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.nametag.fixtures.RealComponents;
import dev.nametag.fixtures.RealVictoriaMetrics;
import dev.nametag.relabel.exposition.ExpositionLine;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.RelabelledPage;
import dev.nametag.relabel.exposition.Sample;
import dev.nametag.relabel.yaml.YamlReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets the installed VictoriaMetrics scrape pages with rules that only it and vmagent have, and
 * compares what it stores with what the engine gives.
 *
 * <p>Each page has one series: before 1.93 {@code if} also looked at the labels of the series
 * before it (VictoriaMetrics#4806).
 */
class VmagentAgainstVictoriaMetricsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PATIENCE_OF_ONE = Duration.ofSeconds(5);

  private static HttpServer server;
  private static RealVictoriaMetrics victoriaMetrics;

  enum Case {
    REPLACE_ALL(
        "m{a=\"x-y--z\"} 1",
        "{action: replace_all, source_labels: [a], regex: '-', replacement: _, target_label: a}"),
    REPLACE_ALL_GROUPS(
        "m{a=\"x-y--z\",b=\"q\"} 1",
        "{action: replace_all, source_labels: [a, b], separator: '-', regex: '(.)-', replacement: '${1}$1.', target_label: c}"),
    REPLACE_ALL_EMPTY_MATCHES(
        "m{a=\"axb\"} 1",
        "{action: replace_all, source_labels: [a], regex: 'x*', replacement: '.', target_label: a}"),
    REPLACE_ALL_WITHOUT_MATCH(
        "m{a=\"x\"} 1",
        "{action: replace_all, source_labels: [a], regex: y, replacement: z, target_label: c}"),
    REPLACE_ALL_TO_NOTHING(
        "m{a=\"xxx\"} 1",
        "{action: replace_all, source_labels: [a], regex: x, replacement: '', target_label: a}"),
    LABELMAP_ALL(
        "m{aqbqc=\"1\",dqe=\"2\",f=\"3\"} 1", "{action: labelmap_all, regex: q, replacement: '-'}"),
    LABELMAP("m{a_b=\"1\",c=\"2\"} 1", "{action: labelmap, regex: 'a_(.*)', replacement: 'x.$1'}"),
    KEEP_IF_EQUAL("m{a=\"x\",b=\"x\"} 1", "{action: keep_if_equal, source_labels: [a, b]}"),
    KEEP_IF_NOT_EQUAL("m{a=\"x\",b=\"y\"} 1", "{action: keep_if_equal, source_labels: [a, b]}"),
    DROP_IF_EQUAL("m{a=\"x\",b=\"x\"} 1", "{action: drop_if_equal, source_labels: [a, b]}"),
    DROP_IF_BOTH_MISSING("m{a=\"x\"} 1", "{action: drop_if_equal, source_labels: [b, c]}"),
    DROP_IF_NOT_EQUAL("m{a=\"x\",b=\"y\"} 1", "{action: drop_if_equal, source_labels: [a, b]}"),
    KEEP_METRICS("m{a=\"x\"} 1", "{action: keep_metrics, regex: 'm|n'}"),
    KEEP_OTHER_METRICS("m{a=\"x\"} 1", "{action: keep_metrics, regex: 'mm'}"),
    KEEP_METRICS_OF_A_LIST("m{a=\"x\"} 1", "{action: keep_metrics, regex: [x, m]}"),
    DROP_METRICS("m{a=\"x\"} 1", "{action: drop_metrics, regex: 'm.*'}"),
    UPPERCASE("m{a=\"xÿß\"} 1", "{action: uppercase, source_labels: [a], target_label: b}"),
    LOWERCASE("m{a=\"XÉ\"} 1", "{action: lowercase, source_labels: [a], target_label: a}"),
    IF_HOLDS("m{a=\"x\"} 1", "{if: 'm{a=\"x\"}', target_label: b, replacement: y}"),
    IF_DOES_NOT_HOLD("m{a=\"x\"} 1", "{if: 'm{a!=\"x\"}', target_label: b, replacement: y}"),
    IF_REGEX("m{a=\"xy\"} 1", "{if: '{a=~\"x.*\",z!~\".+\"}', target_label: b, replacement: y}"),
    IF_REGEX_IS_ANCHORED("m{a=\"xy\"} 1", "{if: '{a=~\"x\"}', target_label: b, replacement: y}"),
    IF_ABSENT_IS_EMPTY("m{a=\"xy\"} 1", "{if: '{q=\"\"}', target_label: b, replacement: y}"),
    IF_NAME("m{a=\"xy\"} 1", "{if: 'other', target_label: b, replacement: y}"),
    DROP_IF("m{a=\"x\"} 1", "{action: drop, if: '{a=\"x\"}'}"),
    DROP_IF_NOT("m{a=\"x\"} 1", "{action: drop, if: '{a=\"y\"}'}"),
    KEEP_IF("m{a=\"x\"} 1", "{action: keep, if: '{a=\"x\"}'}"),
    KEEP_IF_NOT("m{a=\"x\"} 1", "{action: keep, if: '{a=\"y\"}'}"),
    KEEP_IF_AND_REGEX(
        "m{a=\"x\"} 1", "{action: keep, if: '{a=\"x\"}', source_labels: [a], regex: y}"),
    ANY_NAME("m{a=\"x\"} 1", "{source_labels: [a], target_label: 'b.$1-c', replacement: 'é'}");

    private final String page;
    private final String rule;

    Case(String page, String rule) {
      this.page = page + "\n";
      this.rule = rule;
    }

    private RelabelledPage relabelled() {
      RelabelRules rules =
          RelabelRulesReader.read(name(), "[" + rule + "]", Optional.of(Dialect.VMAGENT));
      List<ExpositionLine> lines = new ArrayList<>();
      for (ExpositionLine line : ExpositionReader.read(name(), page)) {
        Sample sample = (Sample) line;
        // As vmagent does, after the target's labels are put on.
        lines.add(sample.withLabels(sample.labels().with("job", name())));
      }
      return RelabelledPage.of(lines.iterator(), rules);
    }
  }

  @BeforeAll
  static void scrape() throws IOException {
    if (RealComponents.VICTORIA_METRICS.find().isEmpty()) {
      // Each test says so.
      return;
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    StringBuilder config = new StringBuilder("scrape_configs:\n");
    for (Case each : Case.values()) {
      byte[] body = each.page.getBytes(StandardCharsets.UTF_8);
      server.createContext(
          "/" + each,
          exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      config.append(
          """
          - job_name: %s
            metrics_path: /%s
            scrape_interval: 1s
            static_configs: [{targets: ['127.0.0.1:%d']}]
            metric_relabel_configs: [%s]
          """
              .formatted(each, each, server.getAddress().getPort(), each.rule));
    }
    server.start();
    victoriaMetrics = RealVictoriaMetrics.start(config.toString());
    victoriaMetrics.await(
        "count(scrape_samples_scraped)",
        answer -> answer.contains("\"" + Case.values().length + "\""),
        PATIENCE);
  }

  @BeforeEach
  void victoriaMetricsIsNeeded() {
    RealComponents.require(RealComponents.VICTORIA_METRICS);
  }

  @AfterAll
  static void end() {
    if (victoriaMetrics != null) {
      victoriaMetrics.close();
    }
    if (server != null) {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void engineGivesWhatVictoriaMetricsStores(Case each) {
    List<Map<String, String>> expected = new ArrayList<>();
    for (Sample sample : each.relabelled().samples()) {
      expected.add(new TreeMap<>(sample.labels().asMap()));
    }
    String query = "{job=\"" + each + "\",__name__!~\"up|scrape_.*\"}";

    String answer =
        victoriaMetrics.await(query, got -> stored(got).equals(expected), PATIENCE_OF_ONE);

    assertThat(stored(answer)).isEqualTo(expected);
  }

  private static List<Map<String, String>> stored(String json) {
    Map<?, ?> answer = (Map<?, ?>) YamlReader.read("answer", json).get(0);
    List<Map<String, String>> stored = new ArrayList<>();
    for (Object result : (List<?>) ((Map<?, ?>) answer.get("data")).get("result")) {
      Map<String, String> labels = new LinkedHashMap<>();
      ((Map<?, ?>) ((Map<?, ?>) result).get("metric"))
          .forEach((key, value) -> labels.put((String) key, (String) value));
      labels.remove("instance");
      stored.add(new TreeMap<>(labels));
    }
    return stored;
  }
}
