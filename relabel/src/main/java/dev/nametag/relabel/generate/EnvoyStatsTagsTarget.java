package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tag specifiers with which Envoy itself makes labels of names like {@code
 * user=.=alice;.;group=.=premium;.;authorized_calls}, so that Prometheus needs no rules and TYPE
 * stays right.
 *
 * <p>Each extractor sees the whole original name, behind the namespace of wasm metrics. Group 1 is
 * taken out of the name, group 2 is the value. The regex walks over whole tags from the start, so
 * that it finds a label neither in the name of another, of which it is the end, nor in a value; and
 * it starts with {@code ^wasmcustom\.}, so that Envoy tries it on no other statistic. They are
 * ECMAScript regexes ({@code std::regex}), not RE2. Source: Envoy, config.metrics.v3.TagSpecifier
 * and source/common/stats/tag_extractor_impl.cc.
 */
public final class EnvoyStatsTagsTarget {
  private static final String NAME = "envoy-stats-tags";

  /** Envoy's bound on a regex, in bytes (stats.proto). */
  private static final int MAX_REGEX = 1024;

  /** Up to the first {@code ;.;}, line feeds too. */
  private static final String VALUE = "[^;]*(?:;(?!\\.;)[^;]*)*";

  private static final String TAG_END = ";\\.;";

  private EnvoyStatsTagsTarget() {}

  /**
   * Returns the part of a bootstrap, behind a comment.
   *
   * @throws UnsupportedSchemaException if the names are not of the profile that Envoy can read
   */
  public static String bootstrap(Schema schema) {
    return bootstrap(schema, NativeTags.labels(schema, NAME));
  }

  /**
   * Returns an EnvoyProxy that adds the part to Envoy Gateway's own bootstrap, behind a comment.
   *
   * @param name of the resource
   * @param namespace of the resource
   * @throws UnsupportedSchemaException if the names are not of the profile that Envoy can read
   */
  public static String envoyProxy(Schema schema, String name, String namespace) {
    return envoyProxy(schema, NativeTags.labels(schema, NAME), name, namespace);
  }

  static String bootstrap(Schema schema, List<Label> labels) {
    return Header.of(
            schema,
            "Tags, made by Envoy itself,",
            "Part of a bootstrap: a proxy reads it when it starts.")
        + YamlWriter.write(statsConfig(labels));
  }

  static String envoyProxy(Schema schema, List<Label> labels, String name, String namespace) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    metadata.put("namespace", namespace);
    Map<String, Object> bootstrap = new LinkedHashMap<>();
    bootstrap.put("type", "Merge");
    bootstrap.put("value", YamlWriter.write(statsConfig(labels)));
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("apiVersion", "gateway.envoyproxy.io/v1alpha1");
    resource.put("kind", "EnvoyProxy");
    resource.put("metadata", metadata);
    resource.put("spec", Map.of("bootstrap", bootstrap));
    return Header.of(
            schema,
            "Tags, made by Envoy itself,",
            "A GatewayClass or a Gateway refers to this resource; if it has one already, add"
                + " spec.bootstrap to that.",
            "If spec.telemetry.metrics.matches is set, it must let the prefix wasmcustom. pass.")
        + YamlWriter.write(resource);
  }

  private static Map<String, Object> statsConfig(List<Label> labels) {
    List<Object> tags = new ArrayList<>();
    Map<String, Label> byTag = new LinkedHashMap<>();
    for (Label label : labels) {
      Label first = byTag.putIfAbsent(label.publishedName(), label);
      if (first != null) {
        throw new UnsupportedSchemaException(
            "labels." + label.name() + ".rename",
            "the target "
                + NAME
                + " makes one tag of each name, and the label "
                + first.name()
                + " is called "
                + label.publishedName()
                + ", too");
      }
      Map<String, Object> tag = new LinkedHashMap<>();
      tag.put("tag_name", label.publishedName());
      tag.put("regex", regex(label));
      tags.add(tag);
    }
    return Map.of("stats_config", Map.of("stats_tags", tags));
  }

  /** Returns the regex that takes one label out of a name. */
  static String regex(Label label) {
    String regex =
        "^wasmcustom\\.(?:[a-z0-9_]+=\\.="
            + VALUE
            + TAG_END
            + ")*?("
            + label.name()
            + "=\\.=("
            + VALUE
            + ")"
            + TAG_END
            + ")";
    if (regex.length() > MAX_REGEX) {
      throw new UnsupportedSchemaException(
          "labels." + label.name(), "the name is too long for a tag regex of Envoy");
    }
    return regex;
  }
}
