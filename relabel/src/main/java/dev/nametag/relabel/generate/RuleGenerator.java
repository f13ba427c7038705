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
    return generate(schema, Decoding.DEFAULT);
  }

  /**
   * Returns the rules for a schema. Names of the {@code chargeback} profile cannot be decoded, so
   * that the second argument means nothing to them.
   *
   * @throws UnsupportedSchemaException if no rules can make labels of the profile's names
   */
  public static List<GeneratedRule> generate(Schema schema, Decoding decoding) {
    return switch (schema.naming()) {
      case LOSSLESS ->
          decoding.decodes()
              ? new LosslessRules(schema, decoding.text()).rules()
              : MarkingRules.of(schema);
      case CHARGEBACK -> ChargebackRules.of(schema);
      case ENVOY_TAGS ->
          throw new UnsupportedSchemaException(
              "naming",
              "envoy-tags: the proxy makes the labels; the targets for such names are"
                  + " envoy-stats-tags and istio-extra-stat-tags");
      case PROMETHEUS_VALUES, HIGRESS ->
          throw new UnsupportedSchemaException(
              "naming",
              schema.naming().text()
                  + ": there are no rules for such names; expected lossless or chargeback");
    };
  }

  /** Returns generated rules, ready to run. */
  public static RelabelRules toRules(List<GeneratedRule> rules) {
    return RelabelRules.of(rules.stream().map(GeneratedRule::rule).toList());
  }
}
