package dev.nametag.relabel.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlReader;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The demo's rules and resources as its document shows them, worked in by hand. */
class ChargebackRulesTest {
  private static final Schema SCHEMA = Schema.parse("{\"naming\": \"chargeback\"}");
  private static final String V = "([A-Za-z0-9_-]+)";

  private static final ServiceMonitorTarget TARGET =
      new ServiceMonitorTarget(
          new ProxyPods(
              "infra-sim-gw-envoy-metrics",
              "llm-d",
              "llm-d-monitoring",
              Map.of(
                  "app.kubernetes.io/component", "inference-gateway",
                  "app.kubernetes.io/gateway", "infra-sim-inference-gateway"),
              Map.of("release", "prometheus"),
              15090,
              "15s",
              "10s"));

  @Test
  void theEightRulesAreTheDemosInTheDemosOrder() {
    String authorized = "authorized_calls_with_user_and_group";
    String limited = "limited_calls_with_user_and_group";
    String suffix = "__user___" + V + "___group___" + V + "___namespace__" + V;

    assertThat(RuleYaml.CAMEL_CASE.of(RuleGenerator.generate(SCHEMA)))
        .map(ChargebackRulesTest::withoutComment)
        .containsExactly(
            rule(authorized + suffix, "user", "$1"),
            rule(authorized + suffix, "group", "$2"),
            rule(authorized + suffix, "namespace", "$3"),
            rule(limited + suffix, "user", "$1"),
            rule(limited + suffix, "group", "$2"),
            rule(limited + suffix, "namespace", "$3"),
            rule("(" + authorized + ")__.*$", "__name__", "$1"),
            rule("(" + limited + ")__.*$", "__name__", "$1"));
  }

  @Test
  void theServiceIsTheDemos() {
    assertThat(YamlReader.read("generated", TARGET.yaml(SCHEMA, Decoding.DEFAULT)).get(0))
        .isEqualTo(
            YamlReader.read(
                    "expected",
                    """
                    apiVersion: v1
                    kind: Service
                    metadata:
                      name: infra-sim-gw-envoy-metrics
                      namespace: llm-d
                      labels:
                        app.kubernetes.io/component: inference-gateway
                        app.kubernetes.io/gateway: infra-sim-inference-gateway
                    spec:
                      selector:
                        app.kubernetes.io/component: inference-gateway
                        app.kubernetes.io/gateway: infra-sim-inference-gateway
                      ports:
                        - name: http-envoy-metrics
                          port: 15090
                          targetPort: 15090
                          protocol: TCP
                    """)
                .get(0));
  }

  @Test
  void theServiceMonitorIsTheDemos() {
    String yaml = TARGET.yaml(SCHEMA, Decoding.DEFAULT);
    String withoutRules = yaml.substring(0, yaml.indexOf("      metricRelabelings:"));

    assertThat(YamlReader.read("generated", withoutRules).get(1))
        .isEqualTo(
            YamlReader.read(
                    "expected",
                    """
                    apiVersion: monitoring.coreos.com/v1
                    kind: ServiceMonitor
                    metadata:
                      name: infra-sim-gw-envoy-metrics
                      namespace: llm-d-monitoring
                      labels:
                        release: prometheus
                        app.kubernetes.io/component: inference-gateway
                        app.kubernetes.io/gateway: infra-sim-inference-gateway
                    spec:
                      namespaceSelector:
                        matchNames: [llm-d]
                      selector:
                        matchLabels:
                          app.kubernetes.io/component: inference-gateway
                          app.kubernetes.io/gateway: infra-sim-inference-gateway
                      endpoints:
                        - port: http-envoy-metrics
                          path: /stats/prometheus
                          interval: 15s
                          scrapeTimeout: 10s
                          honorLabels: true
                    """)
                .get(0));
  }

  private static Object withoutComment(Object item) {
    return item instanceof YamlWriter.Commented commented ? commented.value() : item;
  }

  private static Map<String, Object> rule(String regex, String targetLabel, String replacement) {
    return Map.of(
        "action", "replace",
        "sourceLabels", List.of("__name__"),
        "regex", regex,
        "targetLabel", targetLabel,
        "replacement", replacement);
  }
}
