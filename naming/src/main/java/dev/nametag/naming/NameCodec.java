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
   * Returns whether label sets with this value get no series of their own.
   *
   * @param label index of the label in the metric
   * @param bytes where the value lies, from {@code offset} on, {@code length} bytes
   */
  default boolean leavesOut(int label, byte[] bytes, int offset, int length) {
    return false;
  }
}
