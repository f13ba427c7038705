package dev.nametag.relabel.generate;

import dev.nametag.naming.LabelText;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.RelabelRules;
import java.util.List;

/** Generates the metric relabel rules for a schema, in the order in which they must run. */
public final class RuleGenerator {
  private RuleGenerator() {}

  /** Returns the rules for a schema, decoding what {@link LabelText#DEFAULT} says. */
  public static List<GeneratedRule> generate(Schema schema) {
    return switch (schema.naming()) {
      case LOSSLESS -> new LosslessRules(schema, LabelText.DEFAULT).rules();
      case CHARGEBACK -> ChargebackRules.of(schema);
    };
  }

  /** Returns generated rules, ready to run. */
  public static RelabelRules toRules(List<GeneratedRule> rules) {
    return RelabelRules.of(rules.stream().map(GeneratedRule::rule).toList());
  }
}
