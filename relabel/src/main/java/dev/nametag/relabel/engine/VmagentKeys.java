package dev.nametag.relabel.engine;

import dev.nametag.relabel.yaml.YamlList;
import dev.nametag.relabel.yaml.YamlMap;
import dev.nametag.relabel.yaml.YamlNode;
import dev.nametag.relabel.yaml.YamlScalar;

/** Tells rules of vmagent by what only vmagent and VictoriaMetrics have. */
public final class VmagentKeys {
  private VmagentKeys() {}

  /** Returns whether a document is a resource of their operator, or has such a rule anywhere. */
  public static boolean areIn(YamlNode node) {
    if (node instanceof YamlList list) {
      return list.items().stream().anyMatch(VmagentKeys::areIn);
    }
    if (!(node instanceof YamlMap map)) {
      return false;
    }
    boolean resource =
        text(map, "kind").startsWith("VM")
            && text(map, "apiVersion").startsWith("operator.victoriametrics.com/");
    return resource || isRule(map) || map.entries().values().stream().anyMatch(VmagentKeys::areIn);
  }

  /** Returns whether a rule has an action or a field that Prometheus does not have. */
  private static boolean isRule(YamlMap map) {
    boolean action =
        RelabelAction.of(text(map, "action"), Dialect.VMAGENT)
            .filter(RelabelAction::isVmagentOnly)
            .isPresent();
    boolean reads =
        map.get("source_labels").isPresent()
            || map.get("sourceLabels").isPresent()
            || map.get("action").isPresent()
            || map.get("target_label").isPresent()
            || map.get("targetLabel").isPresent();
    boolean field = map.get("if").isPresent() || map.get("regex").orElse(null) instanceof YamlList;
    return action || (reads && field);
  }

  private static String text(YamlMap map, String key) {
    return map.get(key).orElse(null) instanceof YamlScalar scalar && !scalar.isNull()
        ? scalar.text()
        : "";
  }
}
