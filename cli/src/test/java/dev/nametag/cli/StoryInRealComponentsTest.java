package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.cli.demo.Demo;
import dev.nametag.fixtures.Corpora;
import dev.nametag.fixtures.IdentityValue;
import dev.nametag.fixtures.RealPrometheus;
import dev.nametag.fixtures.RealVictoriaMetrics;
import dev.nametag.hostsim.AdminServer;
import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonWriter;
import dev.nametag.plugin.NametagModule;
import dev.nametag.relabel.generate.PrometheusTarget;
import dev.nametag.relabel.yaml.YamlReader;
import dev.nametag.relabel.yaml.YamlWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The whole story on real parts: a real Prometheus and a real VictoriaMetrics scrape the simulated
 * Envoy with the generated rules. The calls of the demo add up from test to test, so the order
 * matters.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoryInRealComponentsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String BOTH =
      "{__name__=~\"(authorized|limited)_calls_with_user_and_group\",%s}";
  private static final String DEMO_JOB = "infra-sim-gw-envoy-metrics";
  private static final String LOSSLESS_JOB = "demo-lossless";

  private static Demo chargeback;
  private static Demo lossless;
  private static final List<SimulatedEnvoy> envoys = new ArrayList<>();
  private static final List<AdminServer> admins = new ArrayList<>();
  private static RealPrometheus prometheus;
  private static RealVictoriaMetrics victoriaMetrics;

  @BeforeAll
  static void playAndScrape() throws IOException {
    chargeback = demo(Profile.CHARGEBACK);
    lossless = demo(Profile.LOSSLESS);
    for (Demo demo : List.of(chargeback, lossless)) {
      demo.next();
      demo.next();
    }
    List<Object> jobs = new ArrayList<>();
    jobs.add(job(DEMO_JOB, chargeback.address(), chargeback.schema(), Demo.TARGET_LABELS));
    jobs.add(job(LOSSLESS_JOB, lossless.address(), lossless.schema(), Map.of()));
    for (Profile profile : List.of(Profile.LOSSLESS, Profile.CHARGEBACK)) {
      Schema schema = Schema.parse(Demo.configuration(profile));
      jobs.add(job("eleven-" + profile.text(), elevenUsers(profile), schema, Map.of()));
    }
    Map<String, Object> config = new LinkedHashMap<>();
    config.put(
        "global",
        Map.of(
            "external_labels",
            Map.of(
                "prometheus",
                "llm-d-monitoring/prometheus-kube-prometheus-prometheus",
                "prometheus_replica",
                "prometheus-prometheus-kube-prometheus-prometheus-0")));
    config.put("scrape_configs", jobs);
    prometheus = RealPrometheus.start(YamlWriter.write(config));
    victoriaMetrics = RealVictoriaMetrics.start(YamlWriter.write(Map.of("scrape_configs", jobs)));
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each :
        new AutoCloseable[] {prometheus, victoriaMetrics, chargeback, lossless}) {
      if (each != null) {
        each.close();
      }
    }
    for (AdminServer admin : admins) {
      admin.close();
    }
    for (SimulatedEnvoy envoy : envoys) {
      envoy.close();
    }
  }

  @Test
  @Order(1)
  void federationShowsTheDemosPageLineForLine() {
    prometheus.await(both(DEMO_JOB), answer -> results(answer).size() == 8, PATIENCE);

    String page =
        prometheus
            .federate(
                "authorized_calls_with_user_and_group{job=\"" + DEMO_JOB + "\"}",
                "limited_calls_with_user_and_group{job=\"" + DEMO_JOB + "\"}")
            .replaceAll("(?m) \\d+$", "");

    assertThat(page)
        .isEqualTo(
            "# TYPE authorized_calls_with_user_and_group untyped\n"
                + federated("authorized", "enterprise", "enterpriseuser1", 300)
                + federated("authorized", "free", "freeuser1", 25)
                + federated("authorized", "premium", "premiumuser1", 225)
                + federated("authorized", "premium", "premiumuser2", 30)
                + "# TYPE limited_calls_with_user_and_group untyped\n"
                + federated("limited", "enterprise", "enterpriseuser1", 150)
                + federated("limited", "free", "freeuser1", 19)
                + federated("limited", "premium", "premiumuser1", 165)
                + federated("limited", "premium", "premiumuser2", 8));
  }

  @Test
  @Order(2)
  void victoriaMetricsHasTheSameSeries() {
    String here =
        victoriaMetrics.await(both(DEMO_JOB), answer -> results(answer).size() == 8, PATIENCE);

    assertThat(results(here)).isEqualTo(results(prometheus.query(both(DEMO_JOB))));
  }

  @Test
  @Order(3)
  void losslessHasTheSameValuesAndTheNamespaceAsItIs() {
    String answer =
        prometheus.await(both(LOSSLESS_JOB), each -> results(each).size() == 8, PATIENCE);

    assertThat(results(answer).keySet())
        .allSatisfy(labels -> assertThat(labels).containsEntry("namespace", "llm-d"));
    assertThat(values(answer)).isEqualTo(values(prometheus.query(both(DEMO_JOB))));
    assertThat(
            results(
                victoriaMetrics.await(
                    both(LOSSLESS_JOB), each -> results(each).size() == 8, PATIENCE)))
        .isEqualTo(results(answer));
  }

  @Test
  @Order(4)
  void theQueryForOneUserHasTheDemosAnswer() throws IOException {
    chargeback.next();
    String query =
        "authorized_calls_with_user_and_group{user=\"premiumuser1\",job=\"" + DEMO_JOB + "\"}";

    String answer = prometheus.await(query, each -> results(each).containsValue("315"), PATIENCE);

    Map<String, String> labels = new TreeMap<>(Demo.TARGET_LABELS);
    labels.put("__name__", "authorized_calls_with_user_and_group");
    labels.put("user", "premiumuser1");
    labels.put("group", "premium");
    labels.put("namespace", "llm_d");
    assertThat(results(answer)).isEqualTo(Map.of(labels, "315"));
  }

  @Test
  @Order(5)
  void losslessKeepsElevenUsersApart() {
    String query = "authorized_calls_with_user_and_group{job=\"eleven-lossless\"}";

    String answer = prometheus.await(query, each -> results(each).size() == 11, PATIENCE);

    assertThat(users(answer))
        .containsExactlyInAnyOrder(
            "a-b",
            "a.b",
            "a@b",
            "a b",
            "x___group___admin",
            "~_22quoted_22",
            "_22quoted_22",
            "~_c3_bcn_c3_af",
            "_other",
            "~empty",
            "(no label)");
    assertThat(results(answer).values()).containsOnly("1");
    assertThat(users(victoriaMetrics.await(query, each -> results(each).size() == 11, PATIENCE)))
        .isEqualTo(users(answer));
  }

  /** Of eleven users six can be told by a label, and one of the six stands for four users. */
  @Test
  @Order(6)
  void chargebackLosesFiveOfElevenUsers() {
    String query = "authorized_calls_with_user_and_group{job=\"eleven-chargeback\"}";

    String answer = prometheus.await(query, each -> results(each).size() == 7, PATIENCE);

    assertThat(users(answer))
        .containsExactlyInAnyOrder(
            "a_b", "x___group___admin", "_quoted_", "_22quoted_22", "_n_", "_other", "(no label)");
    assertThat(results(answer).values())
        .containsExactlyInAnyOrder("4", "1", "1", "1", "1", "1", "1");
  }

  private static Demo demo(Profile profile) throws IOException {
    return new Demo(
        profile, NametagModule.bytes(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static InetSocketAddress elevenUsers(Profile profile) throws IOException {
    SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(NametagModule.bytes())
            .engine(EngineKind.INTERPRETER)
            .nodeMetadata(Map.of("NAMESPACE", "llm-d"))
            .pluginConfiguration(Demo.configuration(profile).getBytes(StandardCharsets.UTF_8))
            .start();
    envoys.add(envoy);
    for (IdentityValue user : Corpora.elevenUsers()) {
      Map<String, Object> identity = new LinkedHashMap<>();
      identity.put("groups", List.of("g"));
      user.bytes().ifPresent(bytes -> identity.put("userid", bytes));
      envoy.run(
          StreamScenario.builder()
              .dynamicMetadata("envoy.filters.http.ext_authz", Map.of("identity", identity))
              .build());
    }
    AdminServer admin =
        AdminServer.start(envoy, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    admins.add(admin);
    return admin.address();
  }

  /**
   * Returns the one job of a generated prometheus.yml. The target's labels are those that
   * Kubernetes discovery gives, the hidden one too, which the generator itself refuses.
   */
  private static Object job(
      String name, InetSocketAddress address, Schema schema, Map<String, String> targetLabels) {
    Map<String, String> labels = new TreeMap<>(targetLabels);
    labels.remove("job");
    String yaml =
        new PrometheusTarget(name, List.of("127.0.0.1:" + address.getPort()), Map.of(), "1s")
            .yaml(schema);
    Map<?, ?> config = (Map<?, ?>) YamlReader.read("generated", yaml).get(0);
    Map<Object, Object> job =
        new LinkedHashMap<>((Map<?, ?>) ((List<?>) config.get("scrape_configs")).get(0));
    Map<?, ?> group = (Map<?, ?>) ((List<?>) job.get("static_configs")).get(0);
    job.put("static_configs", List.of(Map.of("targets", group.get("targets"), "labels", labels)));
    return job;
  }

  private static String both(String job) {
    return BOTH.formatted("job=\"" + job + "\"");
  }

  private static String federated(String metric, String group, String user, int value) {
    return metric
        + "_calls_with_user_and_group{container=\"istio-proxy\",endpoint=\"http-envoy-metrics\","
        + "group=\""
        + group
        + "\",instance=\"10.244.0.40:15090\",job=\"infra-sim-gw-envoy-metrics\","
        + "namespace=\"llm_d\",pod=\"infra-sim-inference-gateway-istio-b4d9cb756-qtrdf\","
        + "service=\"infra-sim-gw-envoy-metrics\",user=\""
        + user
        + "\",prometheus=\"llm-d-monitoring/prometheus-kube-prometheus-prometheus\","
        + "prometheus_replica=\"prometheus-prometheus-kube-prometheus-prometheus-0\"} "
        + value
        + "\n";
  }

  /** Returns the series of an instant query's answer with their values. */
  private static Map<Map<String, String>, String> results(String answer) {
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) JsonReader.read(answer)).get("data");
    Map<Map<String, String>, String> results = new LinkedHashMap<>();
    for (Object each : (List<?>) data.get("result")) {
      Map<String, String> labels = new TreeMap<>();
      ((Map<?, ?>) ((Map<?, ?>) each).get("metric"))
          .forEach((name, value) -> labels.put((String) name, (String) value));
      results.put(labels, (String) ((List<?>) ((Map<?, ?>) each).get("value")).get(1));
    }
    return results;
  }

  /** Returns metric, user and group with the value. */
  private static Map<String, String> values(String answer) {
    Map<String, String> values = new TreeMap<>();
    results(answer)
        .forEach(
            (labels, value) ->
                values.put(
                    JsonWriter.write(
                        List.of(labels.get("__name__"), labels.get("user"), labels.get("group"))),
                    value));
    return values;
  }

  private static Set<String> users(String answer) {
    Set<String> users = new TreeSet<>();
    results(answer)
        .keySet()
        .forEach(labels -> users.add(labels.getOrDefault("user", "(no label)")));
    return users;
  }
}
