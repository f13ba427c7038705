package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.fixtures.RealPrometheus;
import dev.nametag.naming.json.JsonReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the gateway with the generated rules and says who called. */
class GatewayInPrometheusTest {
  @TempDir private Path folder;

  @Test
  void prometheusSaysWhoCalled() throws Exception {
    String example = GatewayCommandTest.documentation("examples/gateway.yaml").toString();
    try (GatewayRun run = GatewayRun.of("--gateway", example, "--workers", "2")) {
      for (int i = 0; i < 5; i++) {
        run.get("/x", "key-of-alice");
        run.get("/x", "key-of-bob");
      }
      String rules =
          Run.of(
                  "relabel",
                  "generate",
                  "--target",
                  "prometheus",
                  "--address",
                  run.admin(),
                  "--interval",
                  "1s")
              .out();
      try (RealPrometheus prometheus = RealPrometheus.start(rules)) {
        Map<String, String> authorized = Map.of("alice@example.com", "5", "bob", "3");

        assertThat(byUser(await(prometheus, "authorized", authorized))).isEqualTo(authorized);
        assertThat(byUser(await(prometheus, "limited", Map.of("bob", "2"))))
            .isEqualTo(Map.of("bob", "2"));
      }
    }
  }

  /**
   * With native histograms, Prometheus asks for protobuf first, and Envoy escapes there what needs
   * no escape: so the label tells which form was read.
   */
  @Test
  void prometheusReadsProtobufFromEnvoy138On() throws Exception {
    String gateway =
        Files.writeString(
                folder.resolve("g.yaml"),
                """
                stats_config: { stats_tags: [{ tag_name: quoted, fixed_value: 'a"b' }] }
                stats_flush_interval: 100ms
                """)
            .toString();
    String config =
        Files.writeString(
                folder.resolve("c.json"),
                """
                {"metrics": {"calls": {"count": "all"},
                             "size": {"count": "all", "record": "request.size"}}}
                """)
            .toString();
    String[] options = {"--config", config, "--gateway", gateway, "--envoy-version"};
    try (GatewayRun text = GatewayRun.of(with(options, "1.37"));
        GatewayRun protobuf = GatewayRun.of(with(options, "1.38"))) {
      text.get("/x", "");
      protobuf.get("/x", "");
      String scrapes =
          """
          scrape_configs:
            - { job_name: text, scrape_interval: 1s, static_configs: [{ targets: ["%s"] }] , metrics_path: /stats/prometheus }
            - { job_name: native, scrape_interval: 1s, static_configs: [{ targets: ["%s"] }] , metrics_path: /stats/prometheus, params: { histogram_buckets: [prometheusnative] } }
            - { job_name: protobuf, scrape_interval: 1s, static_configs: [{ targets: ["%s"] }] , metrics_path: /stats/prometheus }
          """
              .formatted(text.admin(), protobuf.admin(), protobuf.admin());
      try (RealPrometheus prometheus =
          RealPrometheus.start(scrapes, List.of("--enable-feature=native-histograms"))) {
        Map<String, String> quoted = Map.of("text", "a\"b", "protobuf", "a\\\"b");

        assertThat(awaitQuoted(prometheus, "calls{job!='native'} == 1", quoted)).isEqualTo(quoted);
        assertThat(awaitQuoted(prometheus, "size_bucket{le='0.5'} == 1", quoted)).isEqualTo(quoted);
        Map<String, String> ofNative = Map.of("native", "a\\\"b");
        assertThat(awaitQuoted(prometheus, "histogram_count(size) == 1", ofNative))
            .isEqualTo(ofNative);
      }
    }
  }

  private static String[] with(String[] options, String last) {
    String[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = last;
    return all;
  }

  private static Map<String, String> awaitQuoted(
      RealPrometheus prometheus, String query, Map<String, String> hoped) {
    return labels(
        prometheus.await(
            query, answer -> labels(answer, "job", "quoted").equals(hoped), Duration.ofSeconds(30)),
        "job",
        "quoted");
  }

  private static Map<String, String> labels(String answer, String key, String value) {
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) JsonReader.read(answer)).get("data");
    Map<String, String> labels = new TreeMap<>();
    for (Object each : (List<?>) data.get("result")) {
      Map<?, ?> metric = (Map<?, ?>) ((Map<?, ?>) each).get("metric");
      labels.put((String) metric.get(key), (String) metric.get(value));
    }
    return labels;
  }

  private static String await(
      RealPrometheus prometheus, String outcome, Map<String, String> hoped) {
    return prometheus.await(
        "sum by (user) (" + outcome + "_calls_with_user_and_group)",
        answer -> byUser(answer).equals(hoped),
        Duration.ofSeconds(30));
  }

  private static Map<String, String> byUser(String answer) {
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) JsonReader.read(answer)).get("data");
    Map<String, String> byUser = new TreeMap<>();
    for (Object each : (List<?>) data.get("result")) {
      Map<?, ?> series = (Map<?, ?>) each;
      byUser.put(
          (String) ((Map<?, ?>) series.get("metric")).get("user"),
          (String) ((List<?>) series.get("value")).get(1));
    }
    return byUser;
  }
}
