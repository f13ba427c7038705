package dev.nametag.relabel.generate;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import java.util.regex.Pattern;

/**
 * Refuses what the readers of generated resources would refuse, before it is printed. Messages are
 * {@code field: reason}.
 */
public final class TargetChecks {
  /** Prometheus' own form of a duration (common/model/time.go, ParseDuration). */
  private static final Pattern DURATION =
      Pattern.compile("(?=.*[1-9])(\\d+y)?(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?");

  /** RFC 1123, as Kubernetes asks of names. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[^\\s:/\\[\\]]+):(\\d{1,5})");

  private TargetChecks() {}

  /** Refuses what is no duration of Prometheus, such as {@code 15s} or {@code 1m30s}. */
  public static void duration(String field, String value) {
    check(DURATION.matcher(value).matches(), field, value, "is no duration such as 15s or 1m30s");
  }

  /** Refuses what cannot be the name of a resource or a namespace. */
  public static void name(String field, String value) {
    check(NAME.matcher(value).matches(), field, value, "is no name that Kubernetes takes");
  }

  /** Refuses what is no port. */
  public static void port(String field, int value) {
    check(value >= 1 && value <= 65535, field, Integer.toString(value), "is no port");
  }

  /** Refuses what is not {@code host:port}. */
  public static void address(String field, String value) {
    var matcher = ADDRESS.matcher(value);
    check(matcher.matches(), field, value, "is not HOST:PORT");
    port(field, Integer.parseInt(matcher.group(2)));
  }

  /**
   * Refuses a label for all series of a target that is none, or that means something else: the
   * metric's name, what scraping itself reads, and what the rules work in.
   */
  public static void targetLabel(String field, String name) {
    check(LabelNames.isLabelName(name), field, name, "is no label name");
    check(
        !name.startsWith("__"),
        field,
        name,
        "is a label that Prometheus and the rules use themselves");
  }

  /** Refuses a label for all series of a target that the rules set or remove for single ones. */
  static void targetLabels(String field, Iterable<String> names, Schema schema) {
    for (String name : names) {
      boolean ours =
          schema.metrics().stream()
              .flatMap(metric -> metric.labels().stream())
              .anyMatch(label -> label.publishedName().equals(name));
      check(!ours, field, name, "is a label of the configuration, which the rules set");
    }
  }

  private static void check(boolean holds, String field, String value, String reason) {
    if (!holds) {
      throw new IllegalArgumentException(field + ": \"" + value + "\" " + reason);
    }
  }
}
