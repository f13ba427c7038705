package dev.nametag.relabel.generate;

import dev.nametag.relabel.engine.RelabelAction;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Generated rules as values that {@link YamlWriter} writes, in the spelling of a target. */
public enum RuleYaml {
  /** As the configurations of Prometheus and vmagent spell the fields. */
  SNAKE_CASE("source_labels", "target_label"),
  /** As the resources of the operators of Prometheus and VictoriaMetrics spell them. */
  CAMEL_CASE("sourceLabels", "targetLabel");

  private final String sourceLabels;
  private final String targetLabel;

  RuleYaml(String sourceLabels, String targetLabel) {
    this.sourceLabels = sourceLabels;
    this.targetLabel = targetLabel;
  }

  /**
   * Returns a list of maps, each behind its comment if it has one. The first rule that sets a label
   * of the scrape target says so in its comment.
   */
  public List<Object> of(List<GeneratedRule> rules) {
    List<Object> items = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (GeneratedRule generated : rules) {
      Map<String, Object> item = item(generated.rule());
      items.add(commented(generated.comment(), generated.rule(), seen, item));
    }
    return items;
  }

  /** Returns the same for rules that only vmagent understands. */
  List<Object> ofVmagent(List<VmagentRule> rules) {
    List<Object> items = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (VmagentRule generated : rules) {
      Map<String, Object> item = item(generated.rule());
      if (generated.replacesAll()) {
        item.put("action", "replace_all");
      }
      items.add(commented(generated.comment(), generated.rule(), seen, item));
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

  private static Object commented(
      String comment, RelabelRule rule, Set<String> seen, Map<String, Object> item) {
    String text = comment;
    if (ScrapeTargetLabels.hiddenBy(rule.targetLabel()) && seen.add(rule.targetLabel())) {
      text += (text.isEmpty() ? "" : "\n") + ScrapeTargetLabels.note(rule.targetLabel());
    }
    return text.isEmpty() ? item : new YamlWriter.Commented(text, item);
  }

  private Map<String, Object> item(RelabelRule rule) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("action", rule.action().text());
    if (rule.action() == RelabelAction.LABELDROP) {
      item.put("regex", rule.regex());
      return item;
    }
    if (rule.action() != RelabelAction.REPLACE) {
      throw new IllegalArgumentException("no such rules are generated: " + rule);
    }
    item.put(sourceLabels, rule.sourceLabels());
    item.put("regex", rule.regex());
    item.put(targetLabel, rule.targetLabel());
    item.put("replacement", rule.replacement());
    return item;
  }
}
