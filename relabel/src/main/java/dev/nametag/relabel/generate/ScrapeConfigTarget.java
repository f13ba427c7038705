package dev.nametag.relabel.generate;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A ScrapeConfig that makes the Prometheus operator scrape the proxies with the generated rules:
 * pods that Prometheus finds by itself, or fixed addresses, such as those of proxies outside the
 * cluster.
 *
 * @param pods what to scrape, and what the resource is called
 * @param addresses {@code host:port}; if there is any, it is scraped instead of pods
 * @param labels further labels for every series of the addresses
 */
public record ScrapeConfigTarget(
    ProxyPods pods, List<String> addresses, Map<String, String> labels) {

  /** Copies. */
  public ScrapeConfigTarget {
    addresses = List.copyOf(addresses);
    labels.keySet().forEach(label -> TargetChecks.targetLabel("label", label));
    labels = new LinkedHashMap<>(labels);
  }

  /** Returns the resource as a YAML document, behind a comment. */
  public String yaml(Schema schema, Decoding decoding) {
    TargetChecks.targetLabels("label", labels.keySet(), schema);
    List<GeneratedRule> rules = RuleGenerator.generate(schema, decoding);
    Map<String, Object> spec = new LinkedHashMap<>();
    if (addresses.isEmpty()) {
      spec.put("kubernetesSDConfigs", List.of(podDiscovery()));
      spec.put("relabelings", targetRelabelings());
    } else {
      Map<String, Object> fixed = new LinkedHashMap<>();
      fixed.put("targets", addresses);
      if (!labels.isEmpty()) {
        fixed.put("labels", labels);
      }
      spec.put("staticConfigs", List.of(fixed));
    }
    spec.put("metricsPath", PrometheusTarget.PATH);
    spec.put("scrapeInterval", pods.interval());
    spec.put("scrapeTimeout", pods.scrapeTimeout());
    spec.put("honorLabels", ProxyPods.honorsLabels(schema));
    spec.put("metricRelabelings", RuleYaml.CAMEL_CASE.of(rules));
    return Header.ofRules(schema, decoding, rules)
        + YamlWriter.write(pods.monitor("monitoring.coreos.com/v1alpha1", "ScrapeConfig", spec));
  }

  private Map<String, Object> podDiscovery() {
    List<String> selector = new ArrayList<>();
    pods.selector().forEach((name, value) -> selector.add(name + "=" + value));
    Map<String, Object> pod = new LinkedHashMap<>();
    pod.put("role", "Pod");
    pod.put("label", String.join(",", selector));
    Map<String, Object> discovery = new LinkedHashMap<>();
    discovery.put("role", "Pod");
    discovery.put("namespaces", Map.of("names", List.of(pods.namespace())));
    discovery.put("selectors", List.of(pod));
    return discovery;
  }

  /** Every port of a pod is a target of its own; and its names are no labels by themselves. */
  private List<Object> targetRelabelings() {
    Map<String, Object> keepPort = new LinkedHashMap<>();
    keepPort.put("action", "keep");
    keepPort.put("sourceLabels", List.of("__meta_kubernetes_pod_container_port_number"));
    keepPort.put("regex", Integer.toString(pods.port()));
    return List.of(
        new YamlWriter.Commented("Of a pod's ports only the one with the metrics", keepPort),
        targetLabel("__meta_kubernetes_namespace", "namespace"),
        targetLabel("__meta_kubernetes_pod_name", "pod"),
        targetLabel("__meta_kubernetes_pod_container_name", "container"));
  }

  private static Map<String, Object> targetLabel(String source, String target) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("action", "replace");
    rule.put("sourceLabels", List.of(source));
    rule.put("targetLabel", target);
    return rule;
  }
}
