package dev.nametag.relabel.generate;

import dev.nametag.relabel.engine.RelabelAction;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Generated rules as values that {@link YamlWriter} writes, in the spelling of a target. */
public enum RuleYaml {
  /** As Prometheus' own configuration spells the fields. */
  SNAKE_CASE("source_labels", "target_label"),
  /** As the resources of the Prometheus operator spell them. */
  CAMEL_CASE("sourceLabels", "targetLabel");

  private final String sourceLabels;
  private final String targetLabel;

  RuleYaml(String sourceLabels, String targetLabel) {
    this.sourceLabels = sourceLabels;
    this.targetLabel = targetLabel;
  }

  /** Returns a list of maps, each behind its comment if it has one. */
  public List<Object> of(List<GeneratedRule> rules) {
    List<Object> items = new ArrayList<>();
    for (GeneratedRule generated : rules) {
      Map<String, Object> item = item(generated.rule());
      items.add(
          generated.comment().isEmpty()
              ? item
              : new YamlWriter.Commented(generated.comment(), item));
    }
    return items;
  }

  /** Returns a list of maps, for other formats than YAML. */
  public List<Object> withoutComments(List<GeneratedRule> rules) {
    List<Object> items = new ArrayList<>();
    for (GeneratedRule generated : rules) {
      items.add(item(generated.rule()));
    }
    return items;
  }

  private Map<String, Object> item(RelabelRule rule) {
    if (rule.action() != RelabelAction.REPLACE) {
      throw new IllegalArgumentException("only replace rules are generated: " + rule);
    }
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("action", rule.action().text());
    item.put(sourceLabels, rule.sourceLabels());
    item.put("regex", rule.regex());
    item.put(targetLabel, rule.targetLabel());
    item.put("replacement", rule.replacement());
    return item;
  }
}
