package dev.nametag.relabel.engine;

import java.util.List;

/**
 * What vmagent refuses in a rule, in its words; and what it would do and is not done here.
 *
 * <p>Source: VictoriaMetrics, lib/promrelabel/config.go, parseRelabelConfig.
 */
final class VmagentChecks {
  private VmagentChecks() {}

  static void check(
      RelabelAction action,
      List<String> sourceLabels,
      String regex,
      long modulus,
      String targetLabel,
      String replacement) {
    boolean hasTarget = !targetLabel.isEmpty();
    switch (action) {
      case REPLACE, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL ->
          require(hasTarget, "target_label", missing("target_label", action));
      case REPLACE_ALL -> {
        require(!sourceLabels.isEmpty(), "source_labels", missing("source_labels", action));
        require(hasTarget, "target_label", missing("target_label", action));
      }
      case HASHMOD -> {
        require(!sourceLabels.isEmpty(), "source_labels", missing("source_labels", action));
        require(hasTarget, "target_label", missing("target_label", action));
        require(
            modulus != 0,
            "modulus",
            "unexpected `modulus` for `action=hashmod`: 0; must be greater than 0");
        require(
            false, "action", "hashmod of vmagent, whose hash is not Prometheus', is not run here");
      }
      case KEEP_IF_EQUAL, DROP_IF_EQUAL ->
          require(
              sourceLabels.size() >= 2,
              "source_labels",
              "`source_labels` must contain at least two entries for `action="
                  + action.text()
                  + "`; got "
                  + sourceLabels);
      case KEEP_METRICS, DROP_METRICS -> {
        require(
            !regex.isEmpty() && !regex.equals(RelabelRule.DEFAULT_REGEX),
            "regex",
            "`regex` must be non-empty for `action=" + action.text() + "`");
        require(
            sourceLabels.isEmpty(),
            "source_labels",
            "`source_labels` must be empty for `action=" + action.text() + "`");
      }
      case KEEP, DROP, LABELMAP, LABELMAP_ALL, LABELDROP, LABELKEEP -> {
        // Nothing else is needed; what they do not use is ignored.
      }
    }
    require(
        !replacement.contains("{{"),
        "replacement",
        "references to labels ({{label}}), which vmagent has since 1.81, are not filled in here");
  }

  private static String missing(String field, RelabelAction action) {
    return "missing `" + field + "` for `action=" + action.text() + "`";
  }

  private static void require(boolean holds, String field, String reason) {
    if (!holds) {
      throw new InvalidRuleException(field, reason);
    }
  }
}
