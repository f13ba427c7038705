package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.List;
import java.util.Map;

/**
 * The list of {@code extraStatTags} with which Istio's proxies make labels of names like {@code
 * user=.=alice;.;group=.=premium;.;authorized_calls}, so that Prometheus needs no rules and TYPE
 * stays right.
 *
 * <p>Istio writes one regex a tag into the bootstrap, {@code (user=\.=(.*?);\.;)}, which is not
 * anchored: a tag whose name is the end of another's would be found in both. The label is called as
 * the tag is. Source: Istio, tools/packaging/common/envoy_bootstrap.json and pkg/bootstrap.
 */
public final class IstioExtraStatTagsTarget {
  private static final String NAME = "istio-extra-stat-tags";

  private IstioExtraStatTagsTarget() {}

  /**
   * Returns the annotation of a pod template, behind a comment.
   *
   * @throws UnsupportedSchemaException if the names are not of the profile that Istio can read, or
   *     its labels cannot be told apart in them
   */
  public static String annotation(Schema schema) {
    return annotation(schema, NativeTags.labels(schema, NAME));
  }

  /**
   * Returns the values for the mesh, as Istio's Helm chart takes them, behind a comment.
   *
   * @throws UnsupportedSchemaException as {@link #annotation}
   */
  public static String meshConfig(Schema schema) {
    return meshConfig(schema, NativeTags.labels(schema, NAME));
  }

  static String annotation(Schema schema, List<Label> labels) {
    String config = YamlWriter.write(extraStatTags(labels));
    return header(schema, "Part of a pod template. It holds for pods that start afterwards.")
        + YamlWriter.write(
            Map.of("metadata", Map.of("annotations", Map.of("proxy.istio.io/config", config))));
  }

  static String meshConfig(Schema schema, List<Label> labels) {
    return header(
            schema,
            "Values of Istio's Helm chart; in the ConfigMap istio, what is below meshConfig. It"
                + " holds for pods that start afterwards.")
        + YamlWriter.write(Map.of("meshConfig", Map.of("defaultConfig", extraStatTags(labels))));
  }

  private static String header(Schema schema, String what) {
    return Header.of(schema, "Tags, made by Istio's proxies themselves,", what);
  }

  private static Map<String, Object> extraStatTags(List<Label> labels) {
    for (Label label : labels) {
      if (!label.name().equals(label.publishedName())) {
        throw new UnsupportedSchemaException(
            "labels." + label.name() + ".rename",
            "the target " + NAME + " cannot rename: Istio calls a label as the tag in the name");
      }
      for (Label other : labels) {
        if (!other.equals(label) && other.name().endsWith(label.name())) {
          throw new UnsupportedSchemaException(
              "labels." + label.name(),
              "the target "
                  + NAME
                  + " cannot tell it from "
                  + other.name()
                  + ", which ends like it: Istio's regexes are not anchored");
        }
      }
    }
    return Map.of("extraStatTags", labels.stream().map(Label::name).toList());
  }
}
