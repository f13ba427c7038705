package dev.nametag.relabel.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.fixtures.RealComponents;
import dev.nametag.fixtures.RealPrometheus;
import dev.nametag.fixtures.RealVictoriaMetrics;
import dev.nametag.naming.LabelText;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelRulesReader;
import dev.nametag.relabel.exposition.ExpositionLine;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.RelabelledPage;
import dev.nametag.relabel.exposition.Sample;
import dev.nametag.relabel.yaml.YamlReader;
import dev.nametag.relabel.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two hundred adversarial identities through the rules of every target that can run here: the
 * labels and the value of each series, in our engine, in a real Prometheus and in a real
 * VictoriaMetrics.
 */
class TargetsOnRealComponentsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final IdentitySeries SERIES = new IdentitySeries();

  private static PageServer server;
  private static RealPrometheus prometheus;
  private static RealVictoriaMetrics victoriaMetrics;

  /** What is decoded: as it comes, or another alphabet and another bound. */
  enum Choice {
    FULL,
    COMMON,
    NONE,
    OTHER_ALPHABET;

    private Decoding decoding() {
      return switch (this) {
        case FULL -> Decoding.DEFAULT;
        case COMMON -> new Decoding(Decoding.Mode.COMMON, LabelText.DEFAULT);
        case NONE -> new Decoding(Decoding.Mode.NONE, LabelText.DEFAULT);
        case OTHER_ALPHABET ->
            new Decoding(Decoding.Mode.COMMON, new LabelText("_-.$\"\\%{}|,'", 3));
      };
    }

    private PrometheusTarget scrape(String kind) {
      return new PrometheusTarget(kind + "-" + this, List.of(server.address()), Map.of(), "1s");
    }

    private String prometheus() {
      return scrape("prometheus").yaml(IdentitySeries.SCHEMA, decoding());
    }

    private String vmagent() {
      return new VmagentTarget(scrape("vmagent")).yaml(IdentitySeries.SCHEMA, decoding());
    }
  }

  @BeforeAll
  static void scrape() throws IOException {
    server = PageServer.of(SERIES.page());
    List<Object> forPrometheus = new ArrayList<>();
    List<Object> forVictoriaMetrics = new ArrayList<>();
    for (Choice choice : Choice.values()) {
      forPrometheus.add(job(choice.prometheus()));
      forVictoriaMetrics.add(job(choice.prometheus()));
      forVictoriaMetrics.add(job(choice.vmagent()));
    }
    if (RealComponents.PROMETHEUS.find().isPresent()) {
      prometheus = RealPrometheus.start(YamlWriter.write(Map.of("scrape_configs", forPrometheus)));
    }
    if (RealComponents.VICTORIA_METRICS.find().isPresent()) {
      victoriaMetrics =
          RealVictoriaMetrics.start(YamlWriter.write(Map.of("scrape_configs", forVictoriaMetrics)));
    }
  }

  @AfterAll
  static void stop() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (victoriaMetrics != null) {
      victoriaMetrics.close();
    }
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void ourEngineGivesTheLabelsThatAreMeant(Choice choice) {
    RelabelRules rules =
        RuleGenerator.toRules(RuleGenerator.generate(IdentitySeries.SCHEMA, choice.decoding()));

    assertThat(inOurEngine(rules)).isEqualTo(SERIES.expected(choice.decoding().bounded()));
  }

  @ParameterizedTest
  @EnumSource
  void ourEngineGivesThemWithTheRulesForVmagentToo(Choice choice) {
    RelabelRules rules = RelabelRulesReader.read("vmagent", choice.vmagent());

    assertThat(inOurEngine(rules)).isEqualTo(SERIES.expected(choice.decoding().unbounded()));
  }

  @ParameterizedTest
  @EnumSource
  void noPageBringsTemporaryLabelsAlong(Choice choice) {
    Labels raw =
        Labels.of(
            Map.of(
                "__name__",
                "calls_by_team__user_group__a_c3",
                "__tmp_nametag",
                "admin",
                "__tmp_nametag_team",
                "admin"));

    for (String yaml : List.of(choice.prometheus(), choice.vmagent())) {
      Labels result = RelabelRulesReader.read("rules", yaml).apply(raw).orElseThrow();

      assertThat(result.metricName()).isEqualTo("calls_by_team");
      assertThat(result.get("team")).isEqualTo("~a_c3");
    }
  }

  private static Map<Map<String, String>, String> inOurEngine(RelabelRules rules) {
    List<ExpositionLine> samples = new ArrayList<>();
    for (ExpositionLine line : ExpositionReader.read("page", SERIES.page())) {
      if (line instanceof Sample) {
        samples.add(line);
      }
    }
    Map<Map<String, String>, String> actual = new LinkedHashMap<>();
    for (Sample sample : RelabelledPage.of(samples.iterator(), rules).samples()) {
      actual.put(map(sample.labels()), sample.value());
    }
    return actual;
  }

  @ParameterizedTest
  @EnumSource
  void prometheusStoresTheLabelsThatAreMeant(Choice choice) {
    RealComponents.require(RealComponents.PROMETHEUS);
    String query = "{job=\"prometheus-" + choice + "\",__name__!~\"up|scrape_.*\"}";
    Map<Map<String, String>, String> expected = SERIES.expected(choice.decoding().bounded());

    String answer =
        prometheus.await(query, each -> StoredSeries.of(each).size() == expected.size(), PATIENCE);

    assertThat(StoredSeries.of(answer)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void victoriaMetricsStoresTheSameWithTheRulesForPrometheus(Choice choice) {
    assertThat(inVictoriaMetrics("prometheus-" + choice, choice.decoding().bounded()))
        .isEqualTo(SERIES.expected(choice.decoding().bounded()));
  }

  /** The exception: values with more escapes than Prometheus can decode come out whole. */
  @ParameterizedTest
  @EnumSource
  void victoriaMetricsDecodesEvenMoreWithItsOwnRules(Choice choice) {
    assertThat(inVictoriaMetrics("vmagent-" + choice, choice.decoding().unbounded()))
        .isEqualTo(SERIES.expected(choice.decoding().unbounded()));
  }

  @Test
  void theTargetsDifferOnlyInValuesWithMoreEscapesThanPrometheusDecodes() {
    LabelText bounded = Decoding.DEFAULT.bounded();
    LabelText unbounded = Decoding.DEFAULT.unbounded();
    List<String> differing = new ArrayList<>();
    for (String name : SERIES.names()) {
      if (name.startsWith("calls_by_team__")
          && !SERIES.labels(name, bounded).equals(SERIES.labels(name, unbounded))) {
        differing.add(name);
      }
    }

    assertThat(differing)
        .isNotEmpty()
        .allSatisfy(
            name -> {
              String value = name.substring("calls_by_team__user_group__".length());
              assertThat(value).matches("[A-Za-z0-9]*(?:_(?:2[def0b]|40|3a|5f)[A-Za-z0-9]*){16,}");
              assertThat(SERIES.labels(name, bounded)).containsEntry("team", "~" + value);
            });
  }

  @ParameterizedTest
  @EnumSource
  void promtoolAcceptsTheConfiguration(Choice choice, @TempDir Path folder) throws Exception {
    Path program = RealComponents.PROMTOOL.require();
    Path file = Files.writeString(folder.resolve("prometheus.yml"), choice.prometheus());

    assertThat(output(folder, List.of(program.toString(), "check", "config", file.toString())))
        .contains("SUCCESS");
  }

  @ParameterizedTest
  @EnumSource
  void vmagentAcceptsTheConfiguration(Choice choice, @TempDir Path folder) throws Exception {
    Path program = RealComponents.VMAGENT.require();
    Path file = Files.writeString(folder.resolve("scrape.yml"), choice.vmagent());

    assertThat(
            output(
                folder,
                List.of(
                    program.toString(),
                    "-dryRun",
                    "-promscrape.config=" + file,
                    "-promscrape.config.strictParse",
                    "-remoteWrite.tmpDataPath=" + folder.resolve("data"),
                    "-remoteWrite.url=http://127.0.0.1:1/")))
        .doesNotContain("fatal")
        .doesNotContain("error");
  }

  /** Returns what a program prints that must end well. */
  private static String output(Path folder, List<String> command) throws Exception {
    Path log = folder.resolve("output.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String output = Files.readString(log);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private static Map<Map<String, String>, String> inVictoriaMetrics(String job, LabelText text) {
    RealComponents.require(RealComponents.VICTORIA_METRICS);
    String query = "{job=\"" + job + "\",__name__!~\"up|scrape_.*\"}";
    int size = SERIES.expected(text).size();
    return StoredSeries.of(
        victoriaMetrics.await(query, answer -> StoredSeries.of(answer).size() == size, PATIENCE));
  }

  /** Returns the one job of a generated configuration. */
  private static Object job(String yaml) {
    Map<?, ?> config = (Map<?, ?>) YamlReader.read("generated", yaml).get(0);
    return ((List<?>) config.get("scrape_configs")).get(0);
  }

  private static Map<String, String> map(Labels labels) {
    Map<String, String> map = new TreeMap<>();
    labels.forEach((name, value) -> map.put(name, value));
    return map;
  }
}
