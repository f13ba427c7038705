package dev.nametag.relabel.engine;

import java.util.Locale;
import java.util.Optional;

/**
 * What a rule does.
 *
 * <p>Source: Prometheus configuration, relabel_config, relabel_action; for those of vmagent alone
 * VictoriaMetrics documentation, Relabeling.
 */
public enum RelabelAction {
  /** Sets the target label to the expanded replacement if the regex matches. */
  REPLACE,
  /** Drops the series unless the regex matches the source labels. */
  KEEP,
  /** Drops the series if the regex matches the source labels. */
  DROP,
  /** Drops the series unless the source labels equal the target label. */
  KEEPEQUAL,
  /** Drops the series if the source labels equal the target label. */
  DROPEQUAL,
  /** Sets the target label to a hash of the source labels, modulo the modulus. */
  HASHMOD,
  /** Copies each label whose name matches to the name that the replacement gives. */
  LABELMAP,
  /** Removes each label whose name matches. */
  LABELDROP,
  /** Removes each label whose name does not match. */
  LABELKEEP,
  /** Sets the target label to the source labels in lower case. */
  LOWERCASE,
  /** Sets the target label to the source labels in upper case. */
  UPPERCASE,
  /** vmagent: replaces every match in the source labels and sets the target label to the result. */
  REPLACE_ALL,
  /** vmagent: replaces every match in the names of all labels. */
  LABELMAP_ALL,
  /** vmagent: drops the series unless all source labels are equal. */
  KEEP_IF_EQUAL,
  /** vmagent: drops the series if all source labels are equal. */
  DROP_IF_EQUAL,
  /** vmagent: drops the series unless the regex matches the metric name. */
  KEEP_METRICS,
  /** vmagent: drops the series if the regex matches the metric name. */
  DROP_METRICS;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Returns the action of that name; upper and lower case are the same, as in Prometheus. */
  public static Optional<RelabelAction> of(String text, Dialect dialect) {
    for (RelabelAction action : values()) {
      boolean known = dialect == Dialect.VMAGENT || !action.isVmagentOnly();
      if (known && action.text.equalsIgnoreCase(text)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }

  /** Returns the name as it is written in a configuration: {@code labeldrop}. */
  public String text() {
    return text;
  }

  /** Returns whether the action writes, or compares with, the target label. */
  boolean usesTargetLabel() {
    return switch (this) {
      case REPLACE, HASHMOD, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL -> true;
      case KEEP, DROP, LABELMAP, LABELDROP, LABELKEEP -> false;
      case REPLACE_ALL -> true;
      case LABELMAP_ALL, KEEP_IF_EQUAL, DROP_IF_EQUAL, KEEP_METRICS, DROP_METRICS -> false;
    };
  }

  /** Returns whether only vmagent and VictoriaMetrics have the action. */
  public boolean isVmagentOnly() {
    return compareTo(REPLACE_ALL) >= 0;
  }

  /** Returns whether the regex must match the whole text, not a part of it. */
  public boolean isAnchored() {
    return this != REPLACE_ALL && this != LABELMAP_ALL;
  }
}
