package dev.nametag.relabel.engine;

import java.util.List;

/**
 * What Prometheus refuses in a rule, in its words.
 *
 * <p>Source: Prometheus model/relabel/relabel.go, Validate.
 */
final class PrometheusChecks {
  private PrometheusChecks() {}

  static void check(
      RelabelAction action,
      List<String> sourceLabels,
      String separator,
      String regex,
      long modulus,
      String targetLabel,
      String replacement,
      Dialect dialect) {
    checkTarget(action, modulus, targetLabel, dialect);
    checkUnusedFields(
        sourceLabels, separator, regex, modulus, targetLabel, replacement, action, dialect);
  }

  private static void checkTarget(
      RelabelAction action, long modulus, String targetLabel, Dialect dialect) {
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
    if (template ? !dialect.isNameTemplate(targetLabel) : !dialect.isLabelName(targetLabel)) {
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
      RelabelAction action,
      Dialect dialect) {
    boolean defaultReplacement = replacement.equals(RelabelRule.DEFAULT_REPLACEMENT);
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
            !regex.equals(RelabelRule.DEFAULT_REGEX)
                ? "regex"
                : modulus != 0
                    ? "modulus"
                    : !separator.equals(RelabelRule.DEFAULT_SEPARATOR) ? "separator" : "";
        if (!used.isEmpty()) {
          throw new InvalidRuleException(used, onlySourceAndTarget(action));
        }
      }
      case LABELMAP -> {
        if (!dialect.isNameTemplate(replacement)) {
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
                        : !separator.equals(RelabelRule.DEFAULT_SEPARATOR)
                            ? "separator"
                            : !defaultReplacement ? "replacement" : "";
        if (!used.isEmpty()) {
          throw new InvalidRuleException(used, onlyRegex(action));
        }
      }
      case REPLACE_ALL, LABELMAP_ALL, KEEP_IF_EQUAL, DROP_IF_EQUAL, KEEP_METRICS, DROP_METRICS ->
          throw new InvalidRuleException(
              "action", "unknown relabel action " + Text.quote(action.text()));
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
}
