package dev.nametag.relabel.generate;

import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pods are scraped in a Kubernetes cluster, and how the resources that say so are called.
 *
 * @param name of all resources
 * @param namespace where the proxies are
 * @param monitorNamespace where the resource with the rules goes
 * @param selector labels of the proxies' pods, not empty
 * @param monitorLabels further labels of the resource with the rules; must match what the operator
 *     selects
 * @param port the port on which the proxies serve their metrics; 15090 in Istio
 * @param interval between scrapes, a Prometheus duration
 * @param scrapeTimeout at most the interval
 */
public record ProxyPods(
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
  public static final ProxyPods DEFAULT =
      new ProxyPods(
          "nametag-envoy-metrics",
          "istio-system",
          "istio-system",
          Map.of("istio", "ingressgateway"),
          Map.of("release", "prometheus"),
          15090,
          "15s",
          "10s");

  /** Checks and copies. */
  public ProxyPods {
    if (selector.isEmpty()) {
      throw new IllegalArgumentException("selector: would select every pod of the namespace");
    }
    TargetChecks.name("name", name);
    TargetChecks.name("namespace", namespace);
    TargetChecks.name("monitor-namespace", monitorNamespace);
    TargetChecks.port("port", port);
    TargetChecks.duration("interval", interval);
    TargetChecks.duration("scrape-timeout", scrapeTimeout);
    selector = new LinkedHashMap<>(selector);
    monitorLabels = new LinkedHashMap<>(monitorLabels);
  }

  /** Returns a Service in front of the pods, with their labels. */
  Map<String, Object> service() {
    Map<String, Object> servicePort = new LinkedHashMap<>();
    servicePort.put("name", PORT_NAME);
    servicePort.put("port", port);
    servicePort.put("targetPort", port);
    servicePort.put("protocol", "TCP");
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("selector", selector);
    spec.put("ports", List.of(servicePort));
    return resource("v1", "Service", metadata(namespace, selector), spec);
  }

  /** Returns a resource that selects the Service and scrapes it with some rules. */
  Map<String, Object> serviceMonitor(
      String apiVersion, String kind, Schema schema, String rulesField, List<Object> rules) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("namespaceSelector", namespaceSelector());
    spec.put("selector", Map.of("matchLabels", selector));
    spec.put("endpoints", List.of(endpoint("port", PORT_NAME, schema, rulesField, rules)));
    return monitor(apiVersion, kind, spec);
  }

  /** Returns where and how to scrape, as the resources of both operators say it. */
  Map<String, Object> endpoint(
      String portField, Object portValue, Schema schema, String rulesField, List<Object> rules) {
    Map<String, Object> endpoint = new LinkedHashMap<>();
    endpoint.put(portField, portValue);
    endpoint.put("path", PrometheusTarget.PATH);
    endpoint.put("interval", interval);
    endpoint.put("scrapeTimeout", scrapeTimeout);
    endpoint.put("honorLabels", honorsLabels(schema));
    endpoint.put(rulesField, rules);
    return endpoint;
  }

  /** The demo's monitor honours labels; elsewhere the scrape target says where series come from. */
  static boolean honorsLabels(Schema schema) {
    return schema.naming() == Profile.CHARGEBACK;
  }

  Map<String, Object> namespaceSelector() {
    return Map.of("matchNames", List.of(namespace));
  }

  /** Returns a resource in the namespace and with the labels that the operator looks for. */
  Map<String, Object> monitor(String apiVersion, String kind, Map<String, Object> spec) {
    Map<String, String> labels = new LinkedHashMap<>(monitorLabels);
    labels.putAll(selector);
    return resource(apiVersion, kind, metadata(monitorNamespace, labels), spec);
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
