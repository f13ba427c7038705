package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.RelabelAction;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.yaml.YamlMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A rule as it stands in a file, and as it would run.
 *
 * @param index its place in the list, from 0
 * @param path where it stands
 * @param raw what is written
 * @param rule how it would run; nothing if it would be refused
 * @param samples texts that its regex matches, if it has a regex that is understood
 * @param refusal why it would be refused, empty if it would not
 * @param refusedField the field that is refused, empty if none is
 * @param generated whether nametag has generated it
 */
record LintRule(
    int index,
    String path,
    YamlMap raw,
    Optional<RelabelRule> rule,
    Optional<RegexSamples> samples,
    String refusal,
    String refusedField,
    boolean generated) {

  /** Returns whether the rule looks at the metric name alone, and by a regex. */
  boolean readsName() {
    return rule.isPresent()
        && rule.get().sourceLabels().equals(List.of(LabelNames.METRIC_NAME))
        && Set.of(RelabelAction.REPLACE, RelabelAction.KEEP, RelabelAction.DROP)
            .contains(rule.get().action());
  }

  /** Returns whether the rule sets the metric name. */
  boolean renames() {
    return isReplace() && rule.get().targetLabel().equals(LabelNames.METRIC_NAME);
  }

  /** Returns whether the rule takes a part of the metric name out as a label. */
  boolean extracts() {
    return readsName() && isReplace() && !renames() && rule.get().replacement().contains("$");
  }

  /** Returns whether it is a replace rule. */
  boolean isReplace() {
    return rule.isPresent() && rule.get().action() == RelabelAction.REPLACE;
  }
}
