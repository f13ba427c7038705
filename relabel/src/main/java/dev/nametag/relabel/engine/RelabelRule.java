package dev.nametag.relabel.engine;

import java.util.List;
import java.util.Objects;

/**
 * One relabel rule, checked as Prometheus checks it when it reads its configuration.
 *
 * <p>Source: Prometheus model/relabel/relabel.go, Config and Validate, with the classic label
 * names.
 *
 * @param sourceLabels the labels whose values are joined, in order; a missing one counts as empty
 * @param separator what stands between the joined values
 * @param regex RE2, anchored at both ends; not yet wrapped into the anchors
 * @param modulus for hashmod, an unsigned number
 * @param targetLabel the label to set; for replace it may refer to groups
 * @param replacement a template with {@code $1}, {@code ${1}} and {@code ${name}}
 * @param action what the rule does
 */
public record RelabelRule(
    List<String> sourceLabels,
    String separator,
    String regex,
    long modulus,
    String targetLabel,
    String replacement,
    RelabelAction action) {

  /** The separator of a rule that names none. */
  public static final String DEFAULT_SEPARATOR = ";";

  /** The regex of a rule that names none. */
  public static final String DEFAULT_REGEX = "(.*)";

  /** The replacement of a rule that names none. */
  public static final String DEFAULT_REPLACEMENT = "$1";

  /**
   * Checks the rule.
   *
   * @throws InvalidRuleException if Prometheus would refuse it, in Prometheus' words
   */
  public RelabelRule {
    sourceLabels = List.copyOf(sourceLabels);
    Objects.requireNonNull(separator, "separator");
    Objects.requireNonNull(targetLabel, "targetLabel");
    Objects.requireNonNull(replacement, "replacement");
    Objects.requireNonNull(action, "action");
    for (int i = 0; i < sourceLabels.size(); i++) {
      if (!LabelNames.isLabelName(sourceLabels.get(i))) {
        throw new InvalidRuleException(
            "source_labels[" + i + "]",
            Text.quote(sourceLabels.get(i)) + " is not a valid label name");
      }
    }
    RegexProgram.compile(regex);
    checkTarget(action, modulus, targetLabel);
    checkUnusedFields(sourceLabels, separator, regex, modulus, targetLabel, replacement, action);
  }

  private static void checkTarget(RelabelAction action, long modulus, String targetLabel) {
    if (action == RelabelAction.HASHMOD && modulus == 0) {
      throw new InvalidRuleException(
          "modulus", "relabel configuration for hashmod requires non-zero modulus");
    }
    if (!action.usesTargetLabel()) {
      return;
    }
    if (targetLabel.isEmpty()) {
      throw new InvalidRuleException(
          "target_label",
          "relabel configuration for " + action.text() + " action requires 'target_label' value");
    }
    boolean template = action == RelabelAction.REPLACE && targetLabel.indexOf('$') >= 0;
    if (template ? !isNameTemplate(targetLabel) : !LabelNames.isLabelName(targetLabel)) {
      throw new InvalidRuleException(
          "target_label",
          Text.quote(targetLabel) + " is invalid 'target_label' for " + action.text() + " action");
    }
  }

  private static void checkUnusedFields(
      List<String> sourceLabels,
      String separator,
      String regex,
      long modulus,
      String targetLabel,
      String replacement,
      RelabelAction action) {
    boolean defaultReplacement = replacement.equals(DEFAULT_REPLACEMENT);
    switch (action) {
      case LOWERCASE, UPPERCASE -> {
        if (!defaultReplacement) {
          throw new InvalidRuleException(
              "replacement", "'replacement' can not be set for " + action.text() + " action");
        }
      }
      case KEEPEQUAL, DROPEQUAL -> {
        if (!defaultReplacement) {
          throw new InvalidRuleException(
              "replacement", "'replacement' can not be set for " + action.text() + " action");
        }
        String used =
            !regex.equals(DEFAULT_REGEX)
                ? "regex"
                : modulus != 0
                    ? "modulus"
                    : !separator.equals(DEFAULT_SEPARATOR) ? "separator" : "";
        if (!used.isEmpty()) {
          throw new InvalidRuleException(used, onlySourceAndTarget(action));
        }
      }
      case LABELMAP -> {
        if (!isNameTemplate(replacement)) {
          throw new InvalidRuleException(
              "replacement",
              Text.quote(replacement) + " is invalid 'replacement' for labelmap action");
        }
      }
      case LABELDROP, LABELKEEP -> {
        String used =
            !sourceLabels.isEmpty()
                ? "source_labels"
                : !targetLabel.isEmpty()
                    ? "target_label"
                    : modulus != 0
                        ? "modulus"
                        : !separator.equals(DEFAULT_SEPARATOR)
                            ? "separator"
                            : !defaultReplacement ? "replacement" : "";
        if (!used.isEmpty()) {
          throw new InvalidRuleException(used, onlyRegex(action));
        }
      }
      case REPLACE, KEEP, DROP, HASHMOD -> {
        // They take every field; what they do not use is ignored, as in Prometheus.
      }
    }
  }

  static String onlySourceAndTarget(RelabelAction action) {
    return action.text()
        + " action requires only 'source_labels' and `target_label`, and no other fields";
  }

  static String onlyRegex(RelabelAction action) {
    return action.text() + " action requires only 'regex', and no other fields";
  }

  /**
   * Returns whether the text can expand to a label name: letters, digits, underscores and group
   * references, not starting with a digit.
   */
  private static boolean isNameTemplate(String text) {
    for (int i = 0; i < text.length(); ) {
      if (text.charAt(i) != '$') {
        if (!isWord(text.charAt(i)) || (i == 0 && Character.isDigit(text.charAt(i)))) {
          return false;
        }
        i++;
        continue;
      }
      boolean brace = text.startsWith("${", i);
      int start = i + (brace ? 2 : 1);
      int end = start;
      while (end < text.length() && isWord(text.charAt(end))) {
        end++;
      }
      if (end == start || (brace && !text.startsWith("}", end))) {
        return false;
      }
      i = brace ? end + 1 : end;
    }
    return !text.isEmpty();
  }

  private static boolean isWord(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || c == '_');
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

  /** Returns a builder whose fields have Prometheus' defaults. */
  public static Builder builder(RelabelAction action) {
    return new Builder(action);
  }

  /** Collects the fields of a rule; those not set keep Prometheus' defaults. */
  public static final class Builder {
    private final RelabelAction action;
    private List<String> sourceLabels = List.of();
    private String separator = DEFAULT_SEPARATOR;
    private String regex = DEFAULT_REGEX;
    private long modulus;
    private String targetLabel = "";
    private String replacement = DEFAULT_REPLACEMENT;

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

    /**
     * Returns the rule.
     *
     * @throws InvalidRuleException if Prometheus would refuse it
     */
    public RelabelRule build() {
      return new RelabelRule(
          sourceLabels, separator, regex, modulus, targetLabel, replacement, action);
    }
  }
}
