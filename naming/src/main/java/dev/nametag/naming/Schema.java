package dev.nametag.naming;

import java.util.List;

/**
 * Which metrics exist, with which labels from where. The one document that configures the filter
 * and feeds every generator, so that names and rules cannot drift apart.
 *
 * @param naming how label sets are written into names
 * @param labels every label that the configuration declares
 * @param metrics at least one, in the order of the configuration
 * @param budget bounds on what callers can make the proxy remember
 */
public record Schema(Profile naming, List<Label> labels, List<Metric> metrics, Budget budget) {

  /** Copies. */
  public Schema {
    labels = List.copyOf(labels);
    metrics = List.copyOf(metrics);
  }

  /**
   * Returns the schema that a configuration describes.
   *
   * @param json JSON text; empty or blank text means the defaults
   * @throws SchemaException if it is refused, with every reason
   */
  public static Schema parse(String json) {
    return SchemaParser.parse(json);
  }

  /**
   * Returns the schema that a configuration describes.
   *
   * @param json an object as {@link dev.nametag.naming.json.JsonReader} returns it; {@code null}
   *     means the defaults
   * @throws SchemaException if it is refused, with every reason
   */
  public static Schema of(Object json) {
    return SchemaParser.of(json);
  }

  /** Returns the schema of an empty configuration: the demo's four metrics. */
  public static Schema defaults() {
    return of(null);
  }

  /** Returns the codec that writes names as this schema says. */
  public NameCodec codec() {
    return switch (naming) {
      case LOSSLESS -> new LosslessCodec(budget.valueBytes());
      case CHARGEBACK -> new ChargebackCodec(budget.valueBytes());
      case ENVOY_TAGS -> new EnvoyTagsCodec(budget.valueBytes());
      case PROMETHEUS_VALUES -> new PrometheusValuesCodec(budget.valueBytes());
      case HIGRESS -> new HigressCodec(budget.valueBytes());
    };
  }
}
