package dev.nametag.relabel.engine;

import java.util.List;

/** The rules of the wasm-shim chargeback demo, spelled as its ServiceMonitor spells them. */
final class DemoRules {
  private static final String VALUE = "([A-Za-z0-9_-]+)";

  private DemoRules() {}

  static String serviceMonitor() {
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: monitoring.coreos.com/v1
            kind: ServiceMonitor
            metadata:
              name: infra-sim-gw-envoy-metrics
            spec:
              endpoints:
                - port: http-envoy-metrics
                  honorLabels: true
                  metricRelabelings:
            """);
    List<String> metrics =
        List.of("authorized_calls_with_user_and_group", "limited_calls_with_user_and_group");
    List<String> labels = List.of("user", "group", "namespace");
    for (String metric : metrics) {
      String regex =
          metric + "__user___" + VALUE + "___group___" + VALUE + "___namespace__" + VALUE;
      for (int i = 0; i < labels.size(); i++) {
        append(yaml, regex, labels.get(i), "$" + (i + 1));
      }
    }
    for (String metric : metrics) {
      append(yaml, "(" + metric + ")__.*$", "__name__", "$1");
    }
    return yaml.toString();
  }

  private static void append(StringBuilder yaml, String regex, String target, String replacement) {
    yaml.append("        - action: replace\n")
        .append("          sourceLabels: [__name__]\n")
        .append("          regex: ")
        .append(regex)
        .append('\n')
        .append("          targetLabel: ")
        .append(target)
        .append('\n')
        .append("          replacement: ")
        .append(replacement)
        .append('\n');
  }
}
