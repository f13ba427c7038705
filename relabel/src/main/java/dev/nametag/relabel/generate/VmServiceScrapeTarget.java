package dev.nametag.relabel.generate;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.List;

/**
 * A Service that selects the proxies and a VMServiceScrape that makes vmagent scrape them, with the
 * rules of {@link VmagentTarget}, under the operator of VictoriaMetrics.
 *
 * @param pods what to scrape
 */
public record VmServiceScrapeTarget(ProxyPods pods) {

  /** Returns the two resources as YAML documents, behind a comment. */
  public String yaml(Schema schema, Decoding decoding) {
    List<VmagentRule> rules = VmagentRules.of(schema, decoding);
    return Header.ofVmagentRules(schema, decoding, rules)
        + YamlWriter.writeAll(
            List.of(
                pods.service(),
                pods.serviceMonitor(
                    "operator.victoriametrics.com/v1beta1",
                    "VMServiceScrape",
                    schema,
                    "metricRelabelConfigs",
                    RuleYaml.CAMEL_CASE.ofVmagent(rules))));
  }
}
