package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What the targets share that let the proxy itself make labels of names: which profile they need
 * and which labels they make.
 */
final class NativeTags {
  private static final String PROFILE = "envoy-tags";

  private NativeTags() {}

  /**
   * Returns the labels of the metrics, each once, in the order in which metrics name them first.
   *
   * @throws UnsupportedSchemaException if the names are not those that a proxy reads
   */
  static List<Label> labels(Schema schema, String target) {
    if (!schema.naming().text().equals(PROFILE)) {
      throw new UnsupportedSchemaException(
          "naming",
          schema.naming().text()
              + ": the target "
              + target
              + " is for "
              + PROFILE
              + " names only, in which the proxy finds the labels itself");
    }
    return used(schema);
  }

  static List<Label> used(Schema schema) {
    LinkedHashSet<Label> labels = new LinkedHashSet<>();
    schema.metrics().forEach(metric -> labels.addAll(metric.labels()));
    return new ArrayList<>(labels);
  }
}
