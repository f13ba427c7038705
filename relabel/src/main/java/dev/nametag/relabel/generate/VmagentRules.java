package dev.nametag.relabel.generate;

import dev.nametag.naming.LabelText;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.RelabelAction;
import dev.nametag.relabel.engine.RelabelRule;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules for vmagent and VictoriaMetrics, which can replace every match in a text: seven a label,
 * whatever the number of escapes.
 *
 * <p>What can be decoded whole is decoded in a temporary label, which no other series has, so that
 * {@code replace_all}, which is not anchored, touches neither a marked value nor the labels of
 * others. The rules do without {@code if}: before version 1.93 it looked at the labels of the
 * page's other series too (VictoriaMetrics#4806), which would leave values encoded and unmarked.
 */
final class VmagentRules {
  /** Prometheus' documentation reserves the prefix {@code __tmp} for such labels. */
  private static final String TEMPORARY = "__tmp_nametag_";

  private VmagentRules() {}

  static List<VmagentRule> of(Schema schema, Decoding decoding) {
    List<VmagentRule> rules = new ArrayList<>();
    LabelText text = decoding.unbounded();
    if (schema.naming() != Profile.LOSSLESS || text.alphabet().isEmpty()) {
      RuleGenerator.generate(schema, decoding).forEach(rule -> rules.add(VmagentRule.of(rule)));
      return rules;
    }
    List<Family> families = Family.of(schema);
    if (!families.isEmpty()) {
      rules.add(removeTemporary("No page brings temporary labels along"));
    }
    for (Family family : families) {
      for (int i = 0; i < family.labels().size(); i++) {
        rules.add(VmagentRule.of(MarkingRules.mark(family, i)));
        rules.add(VmagentRule.of(MarkingRules.empty(family, i)));
        rules.add(VmagentRule.of(MarkingRules.absent(family, i)));
        addDecoding(family, i, new Alphabet(text), rules);
      }
      rules.add(VmagentRule.of(MarkingRules.takeOffTheName(family)));
      // Before the next family, whose rules would decode what is decoded already.
      rules.add(removeTemporary("Leave nothing temporary behind"));
    }
    return rules;
  }

  private static VmagentRule removeTemporary(String comment) {
    return new VmagentRule(
        RelabelRule.builder(RelabelAction.LABELDROP).regex(TEMPORARY + ".+").build(),
        false,
        comment);
  }

  private static void addDecoding(
      Family family, int index, Alphabet alphabet, List<VmagentRule> rules) {
    String label = family.labels().get(index).publishedName();
    String temporary = TEMPORARY + label;
    rules.add(
        new VmagentRule(
            RelabelRule.replace(
                List.of(LabelNames.METRIC_NAME),
                family.names(index, "(" + alphabet.decodableRegex() + ")"),
                temporary,
                "$1"),
            false,
            "all of it can be decoded: take it apart,"));
    rules.add(
        new VmagentRule(
            RelabelRule.replace(
                List.of(temporary),
                alphabet.spreadRegex(),
                temporary,
                alphabet.spreadReplacement()),
            true,
            "write the alphabet behind each code,"));
    rules.add(
        new VmagentRule(
            RelabelRule.replace(List.of(temporary), alphabet.pickRegex(), temporary, "$1"),
            true,
            "let each code pick its character,"));
    rules.add(
        new VmagentRule(
            RelabelRule.replace(List.of(temporary), "(.+)", label, "$1"),
            false,
            "and take the result"));
  }
}
