package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.plugin.NametagModule;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the options and the file say about stats is on the page that is served. Expected text: Envoy
 * source/common/stats/tag_producer_impl.cc, source/server/admin/prometheus_stats.cc; Istio
 * tools/packaging/common/envoy_bootstrap.json.
 */
class GatewayStatsTest {
  private static final String TAGS =
      """
      {"naming": "envoy-tags",
       "labels": {"user": {"from": "request.headers.xuser", "trusted": true}},
       "metrics": {"calls": {"count": "all", "labels": ["user"]}}}
      """;

  /** Source: source/common/stats/histogram_impl.cc, defaultBuckets, but for 0.5. */
  private static final List<Integer> DEFAULT_BUCKETS =
      List.of(
          1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000,
          1800000, 3600000);

  @TempDir private Path folder;

  private String file(String name, String content) throws Exception {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private static void call(GatewayRun run) {
    run.send(HttpRequest.newBuilder(run.uri("/")).header("xuser", "alice").build());
  }

  @ParameterizedTest
  @CsvSource({
    "envoy, '', user___alice___calls{} 1",
    "envoy-gateway, '', user___alice___calls{} 1",
    "istio, '', user___alice___calls{} 1",
    "istio, user, 'calls{user=\"alice\"} 1'",
    "istio, 'group,user', 'calls{user=\"alice\"} 1'",
  })
  void theProfileSaysWhatBecomesALabel(String profile, String extraStatTags, String series)
      throws Exception {
    String config = file("c.json", TAGS);
    String[] options = {"--config", config, "--profile", profile};
    String[] more = {"--config", config, "--profile", profile, "--extra-stat-tags", extraStatTags};
    try (GatewayRun run = GatewayRun.of(extraStatTags.isEmpty() ? options : more)) {
      call(run);

      assertThat(run.page()).contains("\n" + series + "\n");
    }
  }

  /** Before 1.24, each group ended with an empty line. */
  @ParameterizedTest
  @CsvSource({"1.23, true", "1.24, false", "1.39, false"})
  void theReleaseSaysHowThePageLooks(String release, boolean emptyLines) throws Exception {
    try (GatewayRun run = GatewayRun.of("--envoy-version", release)) {
      assertThat(run.page().contains("\n\n")).isEqualTo(emptyLines);
    }
  }

  @ParameterizedTest
  @CsvSource({"1.28", "1.33", "1.39"})
  void theNodeIsKnownInEveryRelease(String release) throws Exception {
    String config =
        file(
            "c.json",
            """
            {"labels": {"id": "xds.node.id", "cluster": "xds.node.cluster",
                        "ns": "xds.node.metadata.NAMESPACE"},
             "metrics": {"calls": {"count": "all", "labels": ["id", "cluster", "ns"]}}}
            """);
    try (GatewayRun run =
        GatewayRun.of(
            "--config",
            config,
            "--envoy-version",
            release,
            "--node-id",
            "me",
            "--node-cluster",
            "mesh",
            "--node-metadata",
            "NAMESPACE=ns")) {
      call(run);

      assertThat(run.calls()).containsEntry("calls__id__me__cluster__mesh__ns__ns{}", 1L);
    }
  }

  @Test
  void theDocumentedExampleMakesLabelsMatchesAndBuckets() throws Exception {
    String config =
        file(
            "c.json",
            """
            {"naming": "envoy-tags",
             "labels": {"user": {"from": "request.headers.xuser", "trusted": true}},
             "metrics": {
               "calls": {"count": "all", "labels": ["user"]},
               "secret_calls": {"count": "all"},
               "size_ms": {"count": "all", "record": "request.size", "labels": ["user"]},
               "size": {"count": "all", "record": "request.size", "labels": ["user"]}}}
            """);
    String gateway = GatewayCommandTest.documentation("examples/gateway-stats.yaml").toString();
    try (GatewayRun run = GatewayRun.of("--config", config, "--gateway", gateway)) {
      run.send(
          HttpRequest.newBuilder(run.uri("/"))
              .header("xuser", "alice")
              .POST(HttpRequest.BodyPublishers.ofString("x".repeat(30)))
              .build());
      String page = run.page();
      // What was recorded shows once it has been merged, after half a second.
      for (int i = 0;
          i < 200 && !page.contains("size_count{region=\"eu-1\",user=\"alice\"} 1\n");
          i++) {
        Thread.sleep(50);
        page = run.page();
      }

      assertThat(page)
          .isEqualTo(
              """
              # TYPE calls counter
              calls{region="eu-1",user="alice"} 1
              # TYPE size histogram
              """
                  + buckets("size", DEFAULT_BUCKETS)
                  + """
                  size_sum{region="eu-1",user="alice"} 30.491803278688525580264467862435
                  size_count{region="eu-1",user="alice"} 1
                  # TYPE size_ms histogram
                  """
                  + buckets("size_ms", List.of(1, 10, 100, 1000))
                  + """
                  size_ms_sum{region="eu-1",user="alice"} 30.491803278688525580264467862435
                  size_ms_count{region="eu-1",user="alice"} 1
                  """);
    }
  }

  /** A sample of 30 in these; its sum is the middle of its bin, 30 + 30 / (30 + 31). */
  private static String buckets(String name, List<Integer> bounds) {
    StringBuilder lines = new StringBuilder();
    List<String> all = new ArrayList<>(bounds.stream().map(String::valueOf).toList());
    if (bounds == DEFAULT_BUCKETS) {
      all.add(0, "0.5");
    }
    all.add("+Inf");
    for (String bound : all) {
      boolean above = bound.equals("+Inf") || Double.parseDouble(bound) >= 30;
      lines.append(
          "%s_bucket{region=\"eu-1\",user=\"alice\",le=\"%s\"} %d\n"
              .formatted(name, bound, above ? 1 : 0));
    }
    return lines.toString();
  }

  @Test
  void lookingShowsWhatWasRecordedIfTheFileSaysSo() throws Exception {
    String config =
        file(
            "c.json", "{\"metrics\": {\"h\": {\"count\": \"all\", \"record\": \"request.size\"}}}");
    String gateway = file("g.yaml", "stats_flush_on_admin: true");
    try (GatewayRun looking = GatewayRun.of("--config", config, "--gateway", gateway);
        GatewayRun waiting =
            GatewayRun.of(
                "--config", config, "--gateway", file("w.yaml", "stats_flush_interval: 299s"))) {
      call(looking);
      call(waiting);

      assertThat(looking.page()).contains("\nh_count{} 1\n");
      assertThat(waiting.page()).contains("\nh_count{} 0\n");
    }
  }

  @Test
  void matchersOfIstioGrowAndOthersAreReplaced() throws Exception {
    String config = file("c.json", "{\"metrics\": {\"calls\": {\"count\": \"all\"}}}");
    String inclusion =
        file(
            "i.yaml",
            "stats_config: { stats_matcher: { inclusion_list: { patterns: [{ exact: x }] } } }");
    String all = file("r.yaml", "stats_config: { stats_matcher: { reject_all: true } }");
    try (GatewayRun istio =
            GatewayRun.of("--config", config, "--gateway", inclusion, "--profile", "istio");
        GatewayRun envoy = GatewayRun.of("--config", config, "--gateway", inclusion);
        GatewayRun none =
            GatewayRun.of("--config", config, "--gateway", all, "--profile", "istio")) {
      call(istio);
      call(envoy);
      call(none);

      assertThat(istio.calls()).containsEntry("calls{}", 1L);
      assertThat(envoy.page()).isEmpty();
      assertThat(none.page()).isEmpty();
    }
  }

  @Test
  void whatIsWrongIsSaidAllAtOnce() throws Exception {
    String file =
        file(
            "g.yaml",
            """
            stats_config:
              use_all_default_tags: maybe
              stats_tags:
                - { regex: a }
                - { tag_name: a, regex: '(a++)' }
                - { tag_name: a, regex: (a), fixed_value: b }
                - { tag_name: nothing }
              stats_matcher: { exclusion_list: { patterns: [{ safe_regex: { regex: ( } }, { what: a }, { prefix: '' }] } }
              histogram_bucket_settings:
                - { match: { prefix: a }, buckets: [1, 1, 0, x] }
                - {}
              more: 1
            stats_flush_interval: 5m
            """);

    Run run = Run.of("gateway", "--gateway", file, "--listen", "127.0.0.1:0");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err().lines().map(line -> line.substring(file.length() + 2)))
        .containsExactlyInAnyOrder(
            "stats_config.use_all_default_tags: expected true or false, found maybe",
            "stats_config.stats_tags[0].tag_name: expected a text that is not empty",
            "stats_config.stats_tags[1].regex: nothing to repeat at +, which std::regex refuses:"
                + " (a++)",
            "stats_config.stats_tags[2]: expected one of regex, fixed_value",
            "stats_config.stats_tags[3].regex: No regex specified for tag specifier and no default"
                + " regex for name: 'nothing'",
            "stats_config.stats_matcher.exclusion_list.patterns[0].safe_regex.regex: Invalid re2"
                + " regex: missing closing ): (",
            "stats_config.stats_matcher.exclusion_list.patterns[1]: expected one of exact, prefix,"
                + " suffix, contains, safe_regex",
            "stats_config.stats_matcher.exclusion_list.patterns[2].prefix: expected a text that is"
                + " not empty",
            "stats_config.histogram_bucket_settings[0].buckets[1]: expected a number above 0 that is"
                + " there once, found 1",
            "stats_config.histogram_bucket_settings[0].buckets[2]: expected a number above 0 that is"
                + " there once, found 0",
            "stats_config.histogram_bucket_settings[0].buckets[3]: expected a number above 0 that is"
                + " there once, found x",
            "stats_config.histogram_bucket_settings[1].match: expected one of exact, prefix, suffix,"
                + " contains, safe_regex",
            "stats_config.more: unknown; there are use_all_default_tags, stats_tags, stats_matcher,"
                + " histogram_bucket_settings",
            "stats_flush_interval: expected a time from 1ms to below 5m");
  }

  @Test
  void thePluginHasTheseIds() throws Exception {
    String module = Files.write(folder.resolve("m.wasm"), NametagModule.bytes()).toString();
    String noJson = file("c.yaml", "metrics: x");
    try (GatewayRun run =
        GatewayRun.of(
            "--module",
            module,
            "--config",
            noJson,
            "--plugin-name",
            "p",
            "--root-id",
            "r",
            "--vm-id",
            "v")) {
      assertThat(run.err()).contains("[critical] wasm log p r v: ");
    }
  }

  @Test
  void theModuleGetsTheVmConfiguration() throws Exception {
    String module =
        Files.write(folder.resolve("m.wasm"), TinyModule.wantingVmConfiguration()).toString();
    String[] options = {"gateway", "--module", module, "--listen", "127.0.0.1:0"};

    assertThat(Run.of(options).status()).isEqualTo(1);
    GatewayRun.of("--module", module, "--vm-config", file("vm", "x")).close();
  }
}
