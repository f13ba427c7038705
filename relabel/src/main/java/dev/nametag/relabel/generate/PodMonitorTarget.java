package dev.nametag.relabel.generate;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A PodMonitor that makes the Prometheus operator scrape the proxies, without a Service, with the
 * generated rules.
 *
 * @param pods what to scrape; the port must be one that the pods declare by this name
 * @param portName the container port's name, {@code http-envoy-prom} in Istio; every version of the
 *     operator knows it, while port numbers are rather new
 */
public record PodMonitorTarget(ProxyPods pods, String portName) {
  /** What Istio calls the port. */
  public static final String DEFAULT_PORT_NAME = "http-envoy-prom";

  /** Returns the resource as a YAML document, behind a comment. */
  public String yaml(Schema schema, Decoding decoding) {
    List<GeneratedRule> rules = RuleGenerator.generate(schema, decoding);
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("namespaceSelector", pods.namespaceSelector());
    spec.put("selector", Map.of("matchLabels", pods.selector()));
    spec.put(
        "podMetricsEndpoints",
        List.of(
            pods.endpoint(
                "port", portName, schema, "metricRelabelings", RuleYaml.CAMEL_CASE.of(rules))));
    return Header.ofRules(schema, decoding, rules)
        + YamlWriter.write(pods.monitor("monitoring.coreos.com/v1", "PodMonitor", spec));
  }
}
