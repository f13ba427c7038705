package dev.nametag.relabel.generate;

import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Service that selects the proxies and a ServiceMonitor that makes the Prometheus operator scrape
 * them with the generated rules.
 *
 * @param name of both resources
 * @param namespace where the proxies are
 * @param monitorNamespace where the ServiceMonitor goes
 * @param selector labels of the proxies' pods, not empty
 * @param monitorLabels further labels of the ServiceMonitor; must match what the Prometheus
 *     resource selects
 * @param port the port on which the proxies serve their metrics; 15090 in Istio
 * @param interval between scrapes, a Prometheus duration
 * @param scrapeTimeout at most the interval
 */
public record ServiceMonitorTarget(
    String name,
    String namespace,
    String monitorNamespace,
    Map<String, String> selector,
    Map<String, String> monitorLabels,
    int port,
    String interval,
    String scrapeTimeout) {

  private static final String PORT_NAME = "http-envoy-metrics";

  /** Fits Istio's own ingress gateway and the labels of the kube-prometheus-stack chart. */
  public static final ServiceMonitorTarget DEFAULT =
      new ServiceMonitorTarget(
          "nametag-envoy-metrics",
          "istio-system",
          "istio-system",
          Map.of("istio", "ingressgateway"),
          Map.of("release", "prometheus"),
          15090,
          "15s",
          "10s");

  /** Checks and copies. */
  public ServiceMonitorTarget {
    if (selector.isEmpty()) {
      throw new IllegalArgumentException("selector: would select every pod of the namespace");
    }
    selector = new LinkedHashMap<>(selector);
    monitorLabels = new LinkedHashMap<>(monitorLabels);
  }

  /** Returns the two resources as YAML documents. */
  public String yaml(Schema schema) {
    return YamlWriter.writeAll(List.of(service(), serviceMonitor(schema)));
  }

  private Map<String, Object> service() {
    Map<String, Object> metadata = metadata(namespace, selector);
    Map<String, Object> port = new LinkedHashMap<>();
    port.put("name", PORT_NAME);
    port.put("port", this.port);
    port.put("targetPort", this.port);
    port.put("protocol", "TCP");
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("selector", selector);
    spec.put("ports", List.of(port));
    return resource("v1", "Service", metadata, spec);
  }

  private Map<String, Object> serviceMonitor(Schema schema) {
    Map<String, String> labels = new LinkedHashMap<>(monitorLabels);
    labels.putAll(selector);
    Map<String, Object> endpoint = new LinkedHashMap<>();
    endpoint.put("port", PORT_NAME);
    endpoint.put("path", "/stats/prometheus");
    endpoint.put("interval", interval);
    endpoint.put("scrapeTimeout", scrapeTimeout);
    // The demo's monitor honours labels; elsewhere the scrape target says where series come from.
    endpoint.put("honorLabels", schema.naming() == Profile.CHARGEBACK);
    endpoint.put("metricRelabelings", RuleYaml.CAMEL_CASE.of(RuleGenerator.generate(schema)));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("namespaceSelector", Map.of("matchNames", List.of(namespace)));
    spec.put("selector", Map.of("matchLabels", selector));
    spec.put("endpoints", List.of(endpoint));
    return resource(
        "monitoring.coreos.com/v1", "ServiceMonitor", metadata(monitorNamespace, labels), spec);
  }

  private Map<String, Object> metadata(String inNamespace, Map<String, String> labels) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    metadata.put("namespace", inNamespace);
    metadata.put("labels", labels);
    return metadata;
  }

  private static Map<String, Object> resource(
      String apiVersion, String kind, Map<String, Object> metadata, Map<String, Object> spec) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("apiVersion", apiVersion);
    resource.put("kind", kind);
    resource.put("metadata", metadata);
    resource.put("spec", spec);
    return resource;
  }
}
