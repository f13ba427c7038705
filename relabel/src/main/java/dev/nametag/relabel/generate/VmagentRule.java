package dev.nametag.relabel.generate;

import dev.nametag.relabel.engine.RelabelRule;

/**
 * A rule for vmagent and VictoriaMetrics.
 *
 * @param rule the rule, as far as Prometheus knows such rules
 * @param replacesAll whether the action is {@code replace_all}, which only they have: the regex is
 *     not anchored, and every match in the text is replaced
 * @param comment a sentence for those who review the rules, or empty
 */
record VmagentRule(RelabelRule rule, boolean replacesAll, String comment) {
  static VmagentRule of(GeneratedRule generated) {
    return new VmagentRule(generated.rule(), false, generated.comment());
  }
}
