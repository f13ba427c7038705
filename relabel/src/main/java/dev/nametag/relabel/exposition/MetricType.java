package dev.nametag.relabel.exposition;

import java.util.Locale;
import java.util.Optional;

/** The type of a metric family, as a TYPE line names it. */
public enum MetricType {
  /** Only grows. */
  COUNTER,
  /** Goes up and down. */
  GAUGE,
  /** Buckets, a sum and a count. */
  HISTOGRAM,
  /** Quantiles, a sum and a count. */
  SUMMARY,
  /** Not known. */
  UNTYPED;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Returns the type of that name, which is written in lower case. */
  public static Optional<MetricType> of(String text) {
    for (MetricType type : values()) {
      if (type.text.equals(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Returns the name as it is written. */
  public String text() {
    return text;
  }

  /**
   * Returns what a sample's name has after the family's name, or nothing if a sample of that name
   * does not belong to the family.
   */
  Optional<String> suffix(String family, String sampleName) {
    if (!sampleName.startsWith(family)) {
      return Optional.empty();
    }
    String suffix = sampleName.substring(family.length());
    boolean belongs =
        switch (this) {
          case COUNTER, GAUGE, UNTYPED -> suffix.isEmpty();
          case HISTOGRAM ->
              suffix.equals("_bucket") || suffix.equals("_sum") || suffix.equals("_count");
          case SUMMARY -> suffix.isEmpty() || suffix.equals("_sum") || suffix.equals("_count");
        };
    return belongs ? Optional.of(suffix) : Optional.empty();
  }
}
