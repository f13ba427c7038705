package dev.nametag.relabel.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A YAML map in the order of the document.
 *
 * @param entries the values by key; a key that is no text in YAML is spelled as in the document
 * @param keyLines the line of each key
 * @param line the line on which the map begins, from 1
 */
public record YamlMap(Map<String, YamlNode> entries, Map<String, Integer> keyLines, int line)
    implements YamlNode {
  /** Copies the maps. */
  public YamlMap {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    keyLines = Map.copyOf(keyLines);
  }

  /** Returns the value of a key. */
  public Optional<YamlNode> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  /** Returns the line of a key; that of the map if there is no such key. */
  public int keyLine(String key) {
    return keyLines.getOrDefault(key, line);
  }

  @Override
  public Map<String, Object> toPlain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    entries.forEach((key, value) -> plain.put(key, value.toPlain()));
    return Collections.unmodifiableMap(plain);
  }

  @Override
  public String kind() {
    return "a map";
  }
}
