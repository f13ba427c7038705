package dev.nametag.relabel.engine;

import java.util.Locale;
import java.util.Optional;

/** What a rule does. Source: Prometheus configuration, relabel_config, relabel_action. */
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
  UPPERCASE;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Returns the action of that name; upper and lower case are the same, as in Prometheus. */
  public static Optional<RelabelAction> of(String text) {
    for (RelabelAction action : values()) {
      if (action.text.equalsIgnoreCase(text)) {
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
    };
  }
}
