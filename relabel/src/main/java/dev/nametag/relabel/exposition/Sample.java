package dev.nametag.relabel.exposition;

import dev.nametag.relabel.engine.Labels;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A sample.
 *
 * @param labels the labels, the metric name among them as {@code __name__}
 * @param value the value exactly as written, a number as Go's strconv.ParseFloat takes it
 * @param timestampMillis the time, if the line has one, in milliseconds since 1970
 */
public record Sample(Labels labels, String value, OptionalLong timestampMillis)
    implements ExpositionLine {
  /** Checks that nothing is missing. */
  public Sample {
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(timestampMillis, "timestampMillis");
  }

  /** Returns a sample without a time. */
  public static Sample of(Labels labels, String value) {
    return new Sample(labels, value, OptionalLong.empty());
  }

  /** Returns the metric name. */
  public String name() {
    return labels.metricName();
  }

  /** Returns this sample under other labels. */
  public Sample withLabels(Labels other) {
    return new Sample(other, value, timestampMillis);
  }
}
