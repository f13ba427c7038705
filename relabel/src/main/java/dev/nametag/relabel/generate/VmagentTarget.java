package dev.nametag.relabel.generate;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.List;

/**
 * A configuration for {@code -promscrape.config} of vmagent or VictoriaMetrics, with rules that use
 * what Prometheus does not have, {@code replace_all}.
 *
 * @param scrape what to scrape, as for Prometheus
 */
public record VmagentTarget(PrometheusTarget scrape) {

  /** Returns the configuration, behind a comment. */
  public String yaml(Schema schema, Decoding decoding) {
    TargetChecks.targetLabels("label", scrape.labels().keySet(), schema);
    List<VmagentRule> rules = VmagentRules.of(schema, decoding);
    return Header.ofVmagentRules(schema, decoding, rules)
        + YamlWriter.write(scrape.scrapeConfigs(RuleYaml.SNAKE_CASE.ofVmagent(rules)));
  }
}
