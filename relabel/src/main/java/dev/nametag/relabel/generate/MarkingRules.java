package dev.nametag.relabel.generate;

import dev.nametag.naming.LabelText;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.RelabelRule;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules that take the values of the {@code lossless} profile out of the name without decoding them:
 * four a label, and readable. A value of letters and digits is its label; any other stays encoded,
 * behind {@code ~}. So the labels are those of {@link LabelText} with an empty alphabet.
 *
 * <p>No regex has a group whose replacement is empty: the Prometheus operator once took an empty
 * replacement for none given, that is {@code $1}.
 */
final class MarkingRules {
  private MarkingRules() {}

  static List<GeneratedRule> of(Schema schema) {
    List<GeneratedRule> rules = new ArrayList<>();
    for (Family family : Family.of(schema)) {
      for (int i = 0; i < family.labels().size(); i++) {
        rules.add(mark(family, i));
        rules.add(plain(family, i));
        rules.add(empty(family, i));
        rules.add(absent(family, i));
      }
      rules.add(takeOffTheName(family));
    }
    return rules;
  }

  /** Takes any value, puts the mark before it; the following rules correct what needs none. */
  static GeneratedRule mark(Family family, int index) {
    return rule(
        family,
        index,
        Family.otherOrAnyValue(),
        LabelText.MARK + "$1$2",
        family.labels().get(index).name() + ": take the encoded value from the name and mark it");
  }

  private static GeneratedRule plain(Family family, int index) {
    return rule(family, index, "([A-Za-z0-9]+)", "$1", "nothing is encoded: no mark");
  }

  static GeneratedRule empty(Family family, int index) {
    return rule(family, index, "", LabelText.EMPTY, "empty");
  }

  static GeneratedRule absent(Family family, int index) {
    return rule(family, index, LosslessCodec.ABSENT, "", "absent: no such label");
  }

  static GeneratedRule takeOffTheName(Family family) {
    return new GeneratedRule(
        RelabelRule.replace(
            List.of(LabelNames.METRIC_NAME),
            family.namesWithMetric(),
            LabelNames.METRIC_NAME,
            family.metric()),
        "Take the labels off the metric's name");
  }

  private static GeneratedRule rule(
      Family family, int index, String value, String replacement, String comment) {
    return new GeneratedRule(
        RelabelRule.replace(
            List.of(LabelNames.METRIC_NAME),
            family.names(index, value),
            family.labels().get(index).publishedName(),
            replacement),
        comment);
  }
}
