package dev.nametag.manifests;

import dev.nametag.naming.Problem;
import dev.nametag.naming.Schema;
import dev.nametag.naming.SchemaException;
import dev.nametag.naming.json.JsonWriter;
import dev.nametag.relabel.yaml.YamlException;
import dev.nametag.relabel.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A configuration of the filter.
 *
 * @param json the text that the filter gets
 * @param schema what it means
 */
public record Configuration(String json, Schema schema) {

  /** Returns the configuration that an empty file is. */
  public static Configuration empty() {
    return new Configuration("{}", Schema.defaults());
  }

  /**
   * Returns the configuration that a file holds: YAML or JSON, the configuration itself or one
   * manifest that contains it (a WasmPlugin, a TrafficExtension or an EnvoyExtensionPolicy), among
   * other documents if need be.
   *
   * @param file what the file is called in errors
   * @param text its content
   * @throws ConfigurationException if there is none, if there are several, or if it is refused
   */
  public static Configuration read(String file, String text) {
    List<Object> documents;
    try {
      documents = YamlReader.read(file, text);
    } catch (YamlException e) {
      throw new ConfigurationException(file, List.of(new Problem("line " + e.line(), e.reason())));
    }
    List<Found> found = new ArrayList<>();
    boolean manifests = false;
    for (Object document : documents) {
      if (document instanceof Map<?, ?> map
          && map.containsKey("apiVersion")
          && map.containsKey("kind")) {
        manifests = true;
        addContained(map, found);
      }
    }
    if (!manifests && documents.size() <= 1) {
      found.add(new Found("", documents.isEmpty() ? null : documents.get(0)));
    }
    if (found.size() != 1) {
      String reason =
          found.isEmpty()
              ? "no configuration in it; expected one, or a WasmPlugin, TrafficExtension or"
                  + " EnvoyExtensionPolicy that contains one"
              : found.size() + " configurations in it; expected one";
      throw new ConfigurationException(file, List.of(new Problem("documents", reason)));
    }
    return parse(file, found.get(0));
  }

  private record Found(String path, Object value) {}

  private static Configuration parse(String file, Found found) {
    String json = found.value() == null ? "{}" : JsonWriter.write(found.value());
    try {
      return new Configuration(json, Schema.parse(json));
    } catch (SchemaException e) {
      List<Problem> problems = new ArrayList<>();
      for (Problem problem : e.problems()) {
        String prefix = found.path().isEmpty() ? "" : found.path() + ".";
        problems.add(new Problem(prefix + problem.field(), problem.reason()));
      }
      throw new ConfigurationException(file, problems);
    }
  }

  private static void addContained(Map<?, ?> manifest, List<Found> found) {
    switch (String.valueOf(manifest.get("kind"))) {
      case "WasmPlugin" ->
          found.add(new Found("spec.pluginConfig", at(manifest, "spec", "pluginConfig")));
      case "TrafficExtension" ->
          found.add(
              new Found("spec.wasm.pluginConfig", at(manifest, "spec", "wasm", "pluginConfig")));
      case "EnvoyExtensionPolicy" -> {
        if (at(manifest, "spec", "wasm") instanceof List<?> filters) {
          for (int i = 0; i < filters.size(); i++) {
            found.add(new Found("spec.wasm[" + i + "].config", at(filters.get(i), "config")));
          }
        }
      }
      default -> {
        // Another resource in the same file.
      }
    }
  }

  private static Object at(Object value, String... path) {
    Object at = value;
    for (String key : path) {
      at = at instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return at;
  }
}
