package dev.nametag.naming;

import java.util.List;

/**
 * Writes a metric and its label values as a metric name: of {@code [A-Za-z0-9_]}, unless the
 * profile is for hosts that take labels from names themselves.
 */
public sealed interface NameCodec
    permits LosslessCodec, ChargebackCodec, EnvoyTagsCodec, PrometheusValuesCodec, HigressCodec {

  /**
   * Returns the name of one series.
   *
   * @param metric its labels are written in their order
   * @param values one for each label of the metric, in the same order
   */
  String encode(Metric metric, List<LabelValue> values);

  /**
   * Returns whether a label set in which a value is absent gets a series. A profile that has no way
   * to write an absent value leaves such label sets out; they still count in metrics without
   * labels.
   */
  boolean writesAbsentValues();

  /**
   * Returns the value with which label sets get no series of their own, or {@code null} if every
   * value gives them one.
   *
   * @param label index of the label in the metric
   */
  default String leftOut(int label) {
    return null;
  }
}
