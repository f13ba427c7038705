package dev.nametag.relabel.generate;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.List;

/**
 * A Service that selects the proxies and a ServiceMonitor that makes the Prometheus operator scrape
 * them with the generated rules.
 *
 * @param pods what to scrape
 */
public record ServiceMonitorTarget(ProxyPods pods) {
  /** For {@link ProxyPods#DEFAULT}. */
  public static final ServiceMonitorTarget DEFAULT = new ServiceMonitorTarget(ProxyPods.DEFAULT);

  /** Returns the two resources, decoding what holds unless someone chooses otherwise. */
  public String yaml(Schema schema) {
    return yaml(schema, Decoding.DEFAULT);
  }

  /** Returns the two resources as YAML documents, behind a comment. */
  public String yaml(Schema schema, Decoding decoding) {
    List<GeneratedRule> rules = RuleGenerator.generate(schema, decoding);
    return Header.ofRules(schema, decoding, rules)
        + YamlWriter.writeAll(
            List.of(
                pods.service(),
                pods.serviceMonitor(
                    "monitoring.coreos.com/v1",
                    "ServiceMonitor",
                    schema,
                    "metricRelabelings",
                    RuleYaml.CAMEL_CASE.of(rules))));
  }
}
