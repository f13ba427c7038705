package dev.nametag.relabel.engine;

/**
 * Which names Prometheus takes, in the classic character set (Prometheus data model, "Metric names
 * and labels").
 */
public final class LabelNames {
  /** The label that holds the metric name. */
  public static final String METRIC_NAME = "__name__";

  private LabelNames() {}

  /** Returns whether the name is {@code [a-zA-Z_][a-zA-Z0-9_]*}. */
  public static boolean isLabelName(String name) {
    return isName(name, false);
  }

  /** Returns whether the name is {@code [a-zA-Z_:][a-zA-Z0-9_:]*}. */
  public static boolean isMetricName(String name) {
    return isName(name, true);
  }

  private static boolean isName(String name, boolean colonAllowed) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      boolean digit = c >= '0' && c <= '9' && i > 0;
      if (!letter && !digit && !(c == ':' && colonAllowed)) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
