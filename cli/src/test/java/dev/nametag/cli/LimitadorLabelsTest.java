package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.naming.Schema;
import dev.nametag.naming.json.JsonWriter;
import dev.nametag.plugin.NametagModule;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.RelabelledPage;
import dev.nametag.relabel.generate.RuleGenerator;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What Kuadrant's Limitador shows of a platform for models, from the proxy: the same metrics with
 * the same labels, through the compiled module and the generated rules. Names and values are those
 * of such a platform's page; the order of labels means nothing.
 */
class LimitadorLabelsTest {
  private static final String MODEL = "facebook-opt-125m-simulated";

  /** The HTTPRoute; the host calls its route so. */
  private static final String ROUTE = "llm/facebook-opt-125m-simulated-kserve-route";

  private static final String CONFIGURATION =
      """
      {"labels": {"user": "auth.identity.userid",
                  "tier": "auth.identity.tier",
                  "model": "request.path.split(\\"/\\")[2]",
                  "limitador_namespace": "xds.route_name"},
       "metrics": {
         "authorized_hits": {"count": "authorized", "add": "response.headers[\\"x-total-tokens\\"]",
                             "labels": ["model", "tier", "user", "limitador_namespace"]},
         "authorized_calls": {"count": "authorized",
                              "labels": ["user", "tier", "model", "limitador_namespace"]},
         "limited_calls": {"count": "limited",
                           "labels": ["model", "user", "tier", "limitador_namespace"]}}}
      """;

  @Test
  void theMetricsHaveTheLabelsAndValuesOfTheirPage() {
    Map<Labels, String> expected = new HashMap<>();
    expected.put(series("authorized_hits", "tgitelma-redhat-com-dd264a84", "free"), "376");
    expected.put(series("authorized_calls", "tgitelma-redhat-com-dd264a84", "free"), "2");
    expected.put(series("authorized_calls", "ahadas-redhat-com-1e8bdd56", "free"), "19");
    expected.put(series("authorized_calls", "noyitz-redhat-com", "enterprise"), "1");
    expected.put(series("limited_calls", "tgitelma-redhat-com-dd264a84", "free"), "20");

    assertThat(page()).containsExactlyInAnyOrderEntriesOf(expected);
  }

  private static Map<Labels, String> page() {
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(NametagModule.bytes())
            .engine(EngineKind.INTERPRETER)
            .pluginConfiguration(CONFIGURATION.getBytes(StandardCharsets.UTF_8))
            .start()) {
      for (int i = 0; i < 2; i++) {
        envoy.run(call("tgitelma-redhat-com-dd264a84", "free", answered("188")));
      }
      for (int i = 0; i < 19; i++) {
        envoy.run(call("ahadas-redhat-com-1e8bdd56", "free", StreamEnding.upstream(200)));
      }
      envoy.run(call("noyitz-redhat-com", "enterprise", StreamEnding.upstream(200)));
      for (int i = 0; i < 20; i++) {
        envoy.run(call("tgitelma-redhat-com-dd264a84", "free", StreamEnding.kuadrantDenied(429)));
      }
      return relabelled(envoy.stats().prometheusPage());
    }
  }

  private static Map<Labels, String> relabelled(byte[] page) {
    RelabelledPage relabelled =
        RelabelledPage.of(
            ExpositionReader.read("page", new String(page, StandardCharsets.UTF_8)).iterator(),
            RuleGenerator.toRules(RuleGenerator.generate(Schema.parse(CONFIGURATION))));
    assertThat(relabelled.duplicates()).isEmpty();
    Map<Labels, String> series = new HashMap<>();
    relabelled
        .samples()
        .forEach(
            sample -> {
              if (!sample.labels().metricName().startsWith("nametag_")) {
                series.put(sample.labels(), sample.value());
              }
            });
    return series;
  }

  private static Labels series(String metric, String user, String tier) {
    return Labels.of(
        "__name__",
        metric,
        "user",
        user,
        "tier",
        tier,
        "model",
        MODEL,
        "limitador_namespace",
        ROUTE);
  }

  private static StreamScenario call(String user, String tier, StreamEnding ending) {
    return StreamScenario.builder()
        .method("POST")
        .path("/llm/" + MODEL + "/v1/chat/completions")
        .routeName(ROUTE)
        .filterState("wasm.kuadrant.auth.identity.userid", JsonWriter.write(user))
        .filterState("wasm.kuadrant.auth.identity.tier", JsonWriter.write(tier))
        .ending(ending)
        .build();
  }

  private static StreamEnding answered(String tokens) {
    return new StreamEnding.UpstreamResponse(200, List.of(Header.of("x-total-tokens", tokens)));
  }
}
