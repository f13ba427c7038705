package dev.nametag.relabel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.nametag.fixtures.RealComponents;
import dev.nametag.fixtures.RealPrometheus;
import dev.nametag.relabel.exposition.ExpositionLine;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.ExpositionWriter;
import dev.nametag.relabel.exposition.RelabelledPage;
import dev.nametag.relabel.exposition.Sample;
import dev.nametag.relabel.yaml.YamlReader;
import dev.nametag.relabel.yaml.YamlWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets the installed Prometheus scrape pages with rules, and compares what it stores with what the
 * engine gives: labels and value of every series. Prometheus 2.42 knows classic names only, so that
 * the rules are of that dialect.
 *
 * <p>Two things are left out in which Prometheus 2.42, the one that Debian installs, differs from
 * 3.0, which the engine follows: the dot and line feeds, and which of two labels wins that labelmap
 * copies to one name if an earlier rule has set one of them (2.42 sorts the labels before each
 * rule). All pages are scraped by one instance, since the first scrape takes about five seconds.
 */
class RelabelAgainstPrometheusTest {
  private static final String PAGE =
      """
      # TYPE authorized_calls_total counter
      authorized_calls_total{} 90
      # TYPE authorized_calls_with_user_and_group__user___premiumuser1___group___premium___namespace__llm_d counter
      authorized_calls_with_user_and_group__user___premiumuser1___group___premium___namespace__llm_d{} 90
      # TYPE limited_calls_with_user_and_group__user___premiumuser1___group___premium___namespace__llm_d counter
      limited_calls_with_user_and_group__user___premiumuser1___group___premium___namespace__llm_d{} 80
      http_requests{method="GET", path="/a\\\\b", user="ünï \\"q\\"", empty=""} 1.50
      http_requests{method="post",path="/",user="ßΣİıǅ"} +Inf
      ports{from="1234",to="1234"} 1
      ports{from="1234",to="5678"} 2
      latency_bucket{le="0.5"} 3
      latency_bucket{le="+Inf"} 4
      latency_sum 1e-05
      latency_count 4
      """;

  private static final int RANDOM_CASES = 60;

  private static Map<String, Case> byName;
  private static HttpServer server;
  private static RealPrometheus prometheus;

  private record Case(String name, String page, List<RelabelRule> rules) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case named(String name, RelabelRule... rules) {
    return new Case(name, PAGE, List.of(rules));
  }

  private static RelabelRule.Builder on(RelabelAction action, String... sourceLabels) {
    return RelabelRule.builder(action)
        .dialect(Dialect.PROMETHEUS_LEGACY)
        .sourceLabels(sourceLabels);
  }

  static Stream<String> cases() {
    return Stream.concat(
        namedCases().map(Case::name), IntStream.range(0, RANDOM_CASES).mapToObj(i -> "seed " + i));
  }

  private static Stream<Case> namedCases() {
    return Stream.of(
        named("no rules"),
        new Case(
            "demo", PAGE, RelabelRulesReader.read("demo.yaml", DemoRules.serviceMonitor()).rules()),
        named(
            "replace",
            RelabelRule.replace(List.of("method", "path"), "([A-Z]+);(.*)", "both", "$2-$1x-${1}x"),
            RelabelRule.replace(List.of("user"), "(?P<first>.).*", "first", "${first}$$$"),
            RelabelRule.replace(List.of("from"), "(1)(2).*", "p_$2", "$1"),
            RelabelRule.replace(List.of("path"), ".*", "path", "")),
        named("keep", on(RelabelAction.KEEP, "__name__").regex("http_.*|ports").build()),
        named(
            "drop",
            on(RelabelAction.DROP, "__name__", "method").regex("http_requests;GET").build()),
        named("keepequal", on(RelabelAction.KEEPEQUAL, "from").targetLabel("to").build()),
        named("dropequal", on(RelabelAction.DROPEQUAL, "from").targetLabel("to").build()),
        named(
            "hashmod",
            on(RelabelAction.HASHMOD, "user", "method").targetLabel("h").modulus(1009).build(),
            on(RelabelAction.HASHMOD, "nothing").targetLabel("g").modulus(-1).build()),
        named(
            "labelmap",
            RelabelRule.builder(RelabelAction.LABELMAP)
                .regex("(m|u).*")
                .replacement("x_$1")
                .build(),
            RelabelRule.builder(RelabelAction.LABELMAP)
                .regex("from|to|method|path")
                .replacement("y")
                .build()),
        named("labeldrop", RelabelRule.builder(RelabelAction.LABELDROP).regex("m.*|le").build()),
        named(
            "labelkeep",
            RelabelRule.builder(RelabelAction.LABELKEEP)
                .regex("__name__|job|instance|to|le")
                .build()),
        named(
            "case",
            on(RelabelAction.LOWERCASE, "user", "method").separator("İ").targetLabel("l").build(),
            on(RelabelAction.UPPERCASE, "user").targetLabel("user").build(),
            on(RelabelAction.UPPERCASE, "nothing").targetLabel("method").build()),
        named(
            "names outside the classic set",
            on(RelabelAction.REPLACE, "path").targetLabel("x$1").replacement("no").build(),
            on(RelabelAction.REPLACE, "from").targetLabel("x$1").replacement("yes").build(),
            on(RelabelAction.REPLACE, "from").targetLabel("$1").replacement("no").build()),
        named("outside the anchors", RelabelRule.replace(List.of("from"), "1)|(?:4", "a", "x")));
  }

  /** A page and rules that Prometheus takes. */
  private static Case random(int seed) {
    Random random = new Random(seed);
    while (true) {
      StringBuilder page = new StringBuilder();
      for (int i = 0; i < 12; i++) {
        page.append(ExpositionWriter.toText(List.of(randomSample(random, i))));
      }
      List<RelabelRule> rules = new ArrayList<>();
      while (rules.size() < 6) {
        try {
          rules.add(randomRule(random));
        } catch (InvalidRuleException e) {
          // Another one, then.
        }
      }
      Case c = new Case("seed " + seed, page.toString(), rules);
      boolean keepsJob =
          relabelled(c, "").samples().stream()
              .allMatch(sample -> sample.labels().get("job").equals(c.name()));
      if (keepsJob && relabelled(c, "").refused().isEmpty()) {
        return c;
      }
    }
  }

  private static Sample randomSample(Random random, int index) {
    Labels labels = Labels.of("__name__", "m" + random.nextInt(3), "id", "" + index);
    for (String name : new String[] {"a", "b", "ab"}) {
      labels = labels.with(name, pick(random, "", "x", "xy", "yx", "\\", "\"", "ß", "É", "$1"));
    }
    return Sample.of(labels, "" + index);
  }

  private static RelabelRule randomRule(Random random) {
    RelabelAction action =
        pick(
            random,
            Stream.of(RelabelAction.values())
                .filter(each -> !each.isVmagentOnly())
                .toArray(RelabelAction[]::new));
    RelabelRule.Builder rule = RelabelRule.builder(action).dialect(Dialect.PROMETHEUS_LEGACY);
    if (action == RelabelAction.LABELDROP || action == RelabelAction.LABELKEEP) {
      return rule.regex(
              action == RelabelAction.LABELKEEP
                  ? "__name__|job|instance|" + pick(random, "a", "b|id", ".*")
                  : pick(random, "a", "a.*", "b|t", "t."))
          .build();
    }
    rule.sourceLabels(
        IntStream.range(0, random.nextInt(3))
            .mapToObj(i -> pick(random, "a", "b", "ab", "id", "__name__", "t1"))
            .toList());
    if (random.nextBoolean()) {
      rule.regex(
          pick(
              random,
              "",
              "x",
              "(x)(y)?",
              "(.*)x(.*)",
              "[^x]*",
              "(?i)é|ß",
              "m(.)",
              "(a)(b)?",
              "x|;"));
    }
    if (random.nextInt(4) == 0) {
      rule.separator(pick(random, "", ";", "-", "x"));
    }
    if (action == RelabelAction.HASHMOD) {
      rule.modulus(1 + random.nextInt(20));
    }
    if (action != RelabelAction.KEEP && action != RelabelAction.DROP) {
      rule.targetLabel(pick(random, "a", "b", "t1", "t2", "t$1", "${1}"));
    }
    if (random.nextBoolean()) {
      rule.replacement(pick(random, "", "$2", "$1x", "${1}x", "$$1", "x", "t_$1"));
    }
    return rule.build();
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Returns the page after the rules; as Prometheus does, after the target's labels are put on. */
  private static RelabelledPage relabelled(Case c, String instance) {
    List<ExpositionLine> lines = new ArrayList<>();
    for (ExpositionLine line : ExpositionReader.read(c.name(), c.page())) {
      if (line instanceof Sample sample) {
        Labels labels = sample.labels().with("job", c.name()).with("instance", instance);
        lines.add(sample.withLabels(labels));
      }
    }
    return RelabelledPage.of(lines.iterator(), RelabelRules.of(c.rules()));
  }

  private static Map<String, Object> yaml(RelabelRule rule) {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("action", rule.action().text());
    if (!rule.sourceLabels().isEmpty()) {
      yaml.put("source_labels", rule.sourceLabels());
    }
    if (!rule.separator().equals(RelabelRule.DEFAULT_SEPARATOR)) {
      yaml.put("separator", rule.separator());
    }
    if (!rule.regex().equals(RelabelRule.DEFAULT_REGEX)) {
      yaml.put("regex", rule.regex());
    }
    if (rule.modulus() != 0) {
      yaml.put("modulus", new BigInteger(Long.toUnsignedString(rule.modulus())));
    }
    if (!rule.targetLabel().isEmpty()) {
      yaml.put("target_label", rule.targetLabel());
    }
    if (!rule.replacement().equals(RelabelRule.DEFAULT_REPLACEMENT)) {
      yaml.put("replacement", rule.replacement());
    }
    return yaml;
  }

  private static String config(int port) {
    List<Object> jobs = new ArrayList<>();
    for (Case c : byName.values()) {
      Map<String, Object> job = new LinkedHashMap<>();
      job.put("job_name", c.name());
      job.put("metrics_path", "/" + c.name().replace(' ', '_'));
      job.put("static_configs", List.of(Map.of("targets", List.of("127.0.0.1:" + port))));
      job.put("metric_relabel_configs", c.rules().stream().map(rule -> yaml(rule)).toList());
      jobs.add(job);
    }
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("global", Map.of("scrape_interval", "1s", "scrape_timeout", "1s"));
    config.put("scrape_configs", jobs);
    return YamlWriter.write(config);
  }

  @BeforeAll
  static void scrapeAllPages() throws IOException {
    if (RealComponents.PROMETHEUS.find().isEmpty()) {
      // Each test says so.
      return;
    }
    byName =
        Stream.concat(
                namedCases(),
                IntStream.range(0, RANDOM_CASES).mapToObj(RelabelAgainstPrometheusTest::random))
            .collect(Collectors.toMap(Case::name, c -> c, (a, b) -> a, LinkedHashMap::new));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    for (Case c : byName.values()) {
      byte[] body = c.page().getBytes(StandardCharsets.UTF_8);
      server.createContext(
          "/" + c.name().replace(' ', '_'),
          exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
    }
    server.start();
    prometheus = RealPrometheus.start(config(server.getAddress().getPort()));
    prometheus.await(
        "count(up)",
        answer -> answer.contains("\"" + byName.size() + "\""),
        Duration.ofSeconds(30));
  }

  @BeforeEach
  void prometheusIsNeeded() {
    RealComponents.require(RealComponents.PROMETHEUS);
  }

  @AfterAll
  static void end() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (server != null) {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void engineGivesWhatPrometheusStores(String name) {
    Case c = byName.get(name);
    Map<String, String> expected = new TreeMap<>();
    for (Sample sample : relabelled(c, "127.0.0.1:" + server.getAddress().getPort()).samples()) {
      expected.put(sample.labels().toString(), canonical(sample.value()));
    }

    assertThat(stored(name)).as("%s with %s", c.page(), c.rules()).isEqualTo(expected);
  }

  /** Returns the value of each stored series of a job, by its labels as text. */
  private static Map<String, String> stored(String job) {
    String json =
        prometheus.query(
            "{job=\"" + job + "\",__name__!~\"up|scrape_.*\"} or up{job=\"" + job + "\"}");
    Map<?, ?> answer = (Map<?, ?>) YamlReader.read("answer", json).get(0);
    Map<String, String> stored = new TreeMap<>();
    for (Object result : (List<?>) ((Map<?, ?>) answer.get("data")).get("result")) {
      Map<String, String> labels = new LinkedHashMap<>();
      ((Map<?, ?>) ((Map<?, ?>) result).get("metric"))
          .forEach((key, value) -> labels.put((String) key, (String) value));
      String value = (String) ((List<?>) ((Map<?, ?>) result).get("value")).get(1);
      if (labels.get("__name__").equals("up")) {
        assertThat(value).as("Prometheus took the page of %s", job).isEqualTo("1");
      } else {
        stored.put(Labels.of(labels).toString(), canonical(value));
      }
    }
    return stored;
  }

  /** Prometheus keeps a number, not its spelling. */
  private static String canonical(String value) {
    return value.endsWith("Inf") ? value : "" + Double.parseDouble(value);
  }
}
