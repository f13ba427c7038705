package dev.nametag.relabel.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A YAML list.
 *
 * @param items the items in order
 * @param line the line on which the list begins, from 1
 */
public record YamlList(List<YamlNode> items, int line) implements YamlNode {
  /** Copies the items. */
  public YamlList {
    items = List.copyOf(items);
  }

  @Override
  public List<Object> toPlain() {
    List<Object> plain = new ArrayList<>(items.size());
    items.forEach(item -> plain.add(item.toPlain()));
    return Collections.unmodifiableList(plain);
  }

  @Override
  public String kind() {
    return "a list";
  }
}
