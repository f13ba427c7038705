package dev.nametag.relabel.generate;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole {@code prometheus.yml} that scrapes some proxies with the generated rules.
 * VictoriaMetrics reads it too.
 *
 * @param jobName the value of the label {@code job}
 * @param targets {@code host:port} of the proxies' metrics, at least one
 * @param labels further labels for every series of these targets
 * @param interval between scrapes, a Prometheus duration
 */
public record PrometheusTarget(
    String jobName, List<String> targets, Map<String, String> labels, String interval) {

  /** Where Envoy serves its metrics. */
  static final String PATH = "/stats/prometheus";

  /** A proxy on this machine, on the port on which Istio's proxies serve their metrics. */
  public static final PrometheusTarget DEFAULT =
      new PrometheusTarget("nametag", List.of("127.0.0.1:15090"), Map.of(), "15s");

  /** Checks and copies. */
  public PrometheusTarget {
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("address: nothing to scrape");
    }
    for (String target : targets) {
      TargetChecks.address("address", target);
    }
    TargetChecks.duration("interval", interval);
    labels.keySet().forEach(label -> TargetChecks.targetLabel("label", label));
    targets = List.copyOf(targets);
    labels = new LinkedHashMap<>(labels);
  }

  /** Returns the configuration, decoding what holds unless someone chooses otherwise. */
  public String yaml(Schema schema) {
    return yaml(schema, Decoding.DEFAULT);
  }

  /** Returns the configuration, behind a comment. */
  public String yaml(Schema schema, Decoding decoding) {
    TargetChecks.targetLabels("label", labels.keySet(), schema);
    List<GeneratedRule> rules = RuleGenerator.generate(schema, decoding);
    return Header.ofRules(schema, decoding, rules)
        + YamlWriter.write(scrapeConfigs(RuleYaml.SNAKE_CASE.of(rules)));
  }

  Map<String, Object> scrapeConfigs(List<Object> rules) {
    Map<String, Object> addresses = new LinkedHashMap<>();
    addresses.put("targets", targets);
    if (!labels.isEmpty()) {
      addresses.put("labels", labels);
    }
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("job_name", jobName);
    job.put("metrics_path", PATH);
    job.put("scrape_interval", interval);
    job.put("static_configs", List.of(addresses));
    job.put("metric_relabel_configs", rules);
    return Map.of("scrape_configs", List.of(job));
  }
}
