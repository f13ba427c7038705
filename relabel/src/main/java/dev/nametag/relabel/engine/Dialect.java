package dev.nametag.relabel.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whose rules they are: what is a label name, and which actions and fields there are. */
public enum Dialect {
  /**
   * Prometheus 3 as it comes: any UTF-8 text is a name. Source: Prometheus configuration,
   * metric_name_validation_scheme.
   */
  PROMETHEUS,
  /** Prometheus 2, and Prometheus 3 told so: letters, digits and underscores. */
  PROMETHEUS_LEGACY,
  /**
   * vmagent and VictoriaMetrics: no name is refused, further actions, and {@code if}. Source:
   * VictoriaMetrics documentation, Relabeling, enhancements.
   */
  VMAGENT;

  /** Returns the name as it is written on the command line: {@code prometheus-legacy}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return text();
  }

  /** Returns all names, for messages. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(Dialect::text).toList();
  }

  /** Returns whether a rule may read or write a label of this name. */
  public boolean isLabelName(String name) {
    return switch (this) {
      case PROMETHEUS, VMAGENT -> LabelNames.isUtf8Name(name);
      case PROMETHEUS_LEGACY -> LabelNames.isLabelName(name);
    };
  }

  /** Returns whether the reader of the rules stores a series of this name. */
  public boolean isMetricName(String name) {
    return switch (this) {
      case PROMETHEUS, VMAGENT -> LabelNames.isUtf8Name(name);
      case PROMETHEUS_LEGACY -> LabelNames.isMetricName(name);
    };
  }

  /** Returns whether a text may stand where it is expanded to a label name. */
  boolean isNameTemplate(String text) {
    return switch (this) {
      case PROMETHEUS, VMAGENT -> LabelNames.isUtf8Name(text);
      case PROMETHEUS_LEGACY -> LabelNames.isLegacyTemplate(text);
    };
  }
}
