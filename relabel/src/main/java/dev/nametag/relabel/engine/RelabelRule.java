package dev.nametag.relabel.engine;

import java.util.List;
import java.util.Objects;

/**
 * One relabel rule, checked as Prometheus or vmagent checks it when it reads its configuration.
 *
 * <p>Source: Prometheus model/relabel/relabel.go, Config and Validate; VictoriaMetrics
 * documentation, Relabeling.
 *
 * @param sourceLabels the labels whose values are joined, in order; a missing one counts as empty
 * @param separator what stands between the joined values
 * @param regex RE2, anchored at both ends; not yet wrapped into the anchors
 * @param modulus for hashmod, an unsigned number
 * @param targetLabel the label to set; for replace it may refer to groups
 * @param replacement a template with {@code $1}, {@code ${1}} and {@code ${name}}
 * @param action what the rule does
 * @param conditions of vmagent's {@code if}: the rule runs if one of them holds, or if there is
 *     none
 * @param dialect whose rule it is
 */
public record RelabelRule(
    List<String> sourceLabels,
    String separator,
    String regex,
    long modulus,
    String targetLabel,
    String replacement,
    RelabelAction action,
    List<SeriesSelector> conditions,
    Dialect dialect) {

  /** The separator of a rule that names none. */
  public static final String DEFAULT_SEPARATOR = ";";

  /** The regex of a rule that names none. */
  public static final String DEFAULT_REGEX = "(.*)";

  /** The replacement of a rule that names none. */
  public static final String DEFAULT_REPLACEMENT = "$1";

  /**
   * Checks the rule.
   *
   * @throws InvalidRuleException if it would be refused where it is to run, in the words used there
   */
  public RelabelRule {
    sourceLabels = List.copyOf(sourceLabels);
    Objects.requireNonNull(separator, "separator");
    Objects.requireNonNull(targetLabel, "targetLabel");
    Objects.requireNonNull(replacement, "replacement");
    Objects.requireNonNull(action, "action");
    conditions = List.copyOf(conditions);
    Objects.requireNonNull(dialect, "dialect");
    if (dialect == Dialect.PROMETHEUS_LEGACY) {
      LegacySyntax.check(regex);
    }
    RegexProgram.compile(regex, action.isAnchored());
    if (dialect == Dialect.VMAGENT) {
      VmagentChecks.check(action, sourceLabels, regex, modulus, targetLabel, replacement);
    } else {
      checkNames(sourceLabels, dialect);
      PrometheusChecks.check(
          action, sourceLabels, separator, regex, modulus, targetLabel, replacement, dialect);
    }
  }

  private static void checkNames(List<String> sourceLabels, Dialect dialect) {
    for (int i = 0; i < sourceLabels.size(); i++) {
      if (!dialect.isLabelName(sourceLabels.get(i))) {
        throw new InvalidRuleException(
            "source_labels[" + i + "]",
            Text.quote(sourceLabels.get(i)) + " is not a valid label name");
      }
    }
  }

  /** Returns whether one of the conditions holds, or there is none. */
  public boolean appliesTo(Labels labels) {
    return conditions.isEmpty()
        || conditions.stream().anyMatch(condition -> condition.matches(labels::get));
  }

  /** Returns a rule that sets a label if the regex matches the source labels. */
  public static RelabelRule replace(
      List<String> sourceLabels, String regex, String targetLabel, String replacement) {
    return builder(RelabelAction.REPLACE)
        .sourceLabels(sourceLabels)
        .regex(regex)
        .targetLabel(targetLabel)
        .replacement(replacement)
        .build();
  }

  /** Returns a builder whose fields have the defaults. */
  public static Builder builder(RelabelAction action) {
    return new Builder(action);
  }

  /** Collects the fields of a rule; those not set keep the defaults. */
  public static final class Builder {
    private final RelabelAction action;
    private List<String> sourceLabels = List.of();
    private String separator = DEFAULT_SEPARATOR;
    private String regex = DEFAULT_REGEX;
    private long modulus;
    private String targetLabel = "";
    private String replacement = DEFAULT_REPLACEMENT;
    private List<SeriesSelector> conditions = List.of();
    private Dialect dialect = Dialect.PROMETHEUS;

    private Builder(RelabelAction action) {
      this.action = action;
    }

    /** Sets the labels whose values are joined. */
    public Builder sourceLabels(String... names) {
      return sourceLabels(List.of(names));
    }

    /** Sets the labels whose values are joined. */
    public Builder sourceLabels(List<String> names) {
      sourceLabels = names;
      return this;
    }

    /** Sets what stands between the joined values. */
    public Builder separator(String text) {
      separator = text;
      return this;
    }

    /** Sets the regex, without anchors. */
    public Builder regex(String text) {
      regex = text;
      return this;
    }

    /** Sets the modulus, an unsigned number. */
    public Builder modulus(long number) {
      modulus = number;
      return this;
    }

    /** Sets the label to write. */
    public Builder targetLabel(String name) {
      targetLabel = name;
      return this;
    }

    /** Sets the template of the new value, for labelmap that of the new name. */
    public Builder replacement(String template) {
      replacement = template;
      return this;
    }

    /** Sets the conditions, one of which must hold for the rule to run. */
    public Builder conditions(List<SeriesSelector> selectors) {
      conditions = selectors;
      return this;
    }

    /** Sets whose rule it is; Prometheus 3 unless this is called. */
    public Builder dialect(Dialect whose) {
      dialect = whose;
      return this;
    }

    /**
     * Returns the rule.
     *
     * @throws InvalidRuleException if it would be refused where it is to run
     */
    public RelabelRule build() {
      return new RelabelRule(
          sourceLabels,
          separator,
          regex,
          modulus,
          targetLabel,
          replacement,
          action,
          conditions,
          dialect);
    }
  }
}
