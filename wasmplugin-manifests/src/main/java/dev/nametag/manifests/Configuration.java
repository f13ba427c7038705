package dev.nametag.manifests;

import dev.nametag.naming.Problem;
import dev.nametag.naming.Schema;
import dev.nametag.naming.SchemaException;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonSyntaxException;
import dev.nametag.naming.json.JsonWriter;
import dev.nametag.relabel.yaml.YamlException;
import dev.nametag.relabel.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
   * other manifests if need be. Empty documents do not count.
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
      String where = e.line() > 0 ? "line " + e.line() : "document";
      throw new ConfigurationException(file, List.of(new Problem(where, e.reason())));
    }
    documents.removeIf(document -> document == null);
    if (documents.isEmpty()) {
      return empty();
    }
    List<Found> found = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (Object document : documents) {
      if (document instanceof Map<?, ?> map
          && map.containsKey("apiVersion")
          && map.containsKey("kind")) {
        addContained(map, found, problems);
      } else {
        found.add(new Found("", document));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(file, problems);
    }
    if (found.size() != 1) {
      throw new ConfigurationException(file, List.of(new Problem("documents", count(found))));
    }
    return parse(file, found.get(0));
  }

  /**
   * A configuration that is not parsed yet.
   *
   * @param path where it stands in its document, empty if it is the document
   * @param value plain, as YAML gives it; null if it is missing
   */
  private record Found(String path, Object value) {
    /** Returns the path of something inside, or of this if {@code inner} is empty. */
    String path(String inner) {
      String own = path.isEmpty() && inner.isEmpty() ? "configuration" : path;
      return own + (own.isEmpty() || inner.isEmpty() ? "" : ".") + inner;
    }
  }

  private static String count(List<Found> found) {
    if (found.isEmpty()) {
      return "no configuration in it; expected one, or a WasmPlugin, TrafficExtension or"
          + " EnvoyExtensionPolicy that contains one";
    }
    String where =
        found.stream()
            .map(each -> each.path().isEmpty() ? "a document without apiVersion" : each.path())
            .collect(Collectors.joining(", "));
    return found.size() + " configurations in it (" + where + "); expected one";
  }

  private static Configuration parse(String file, Found found) {
    if (found.value() == null) {
      return empty();
    }
    List<Problem> problems = new ArrayList<>();
    if (found.value() instanceof Map<?, ?> map) {
      findUnwritable(map, found.path(), problems);
    } else {
      problems.add(new Problem(found.path(""), "expected a map"));
    }
    if (problems.isEmpty()) {
      String json = JsonWriter.write(found.value());
      try {
        return new Configuration(json, Schema.of(JsonReader.read(json)));
      } catch (JsonSyntaxException e) {
        // Places in this text mean nothing to whoever wrote the file.
        problems.add(new Problem(found.path(""), e.getMessage()));
      } catch (SchemaException e) {
        for (Problem problem : e.problems()) {
          problems.add(new Problem(found.path(problem.field()), problem.reason()));
        }
      }
    }
    throw new ConfigurationException(file, problems);
  }

  /** Finds what YAML can say and JSON cannot: infinite numbers and half a surrogate pair. */
  private static void findUnwritable(Object value, String path, List<Problem> problems) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, inner) -> {
            String innerPath = path + (path.isEmpty() ? "" : ".") + key;
            findUnwritable(key, innerPath, problems);
            findUnwritable(inner, innerPath, problems);
          });
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        findUnwritable(list.get(i), path + "[" + i + "]", problems);
      }
    } else if (value instanceof Double number && !Double.isFinite(number)) {
      problems.add(new Problem(path, "expected a number, found " + number));
    } else if (value instanceof String text
        && text.codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      problems.add(new Problem(path, "half a surrogate pair is no Unicode text"));
    }
  }

  private static void addContained(Map<?, ?> manifest, List<Found> found, List<Problem> problems) {
    switch (String.valueOf(manifest.get("kind"))) {
      case "WasmPlugin" -> {
        Map<?, ?> spec = map(manifest.get("spec"), "spec", problems);
        found.add(new Found("spec.pluginConfig", spec.get("pluginConfig")));
      }
      case "TrafficExtension" -> {
        Map<?, ?> spec = map(manifest.get("spec"), "spec", problems);
        // Without it the resource extends traffic with something else than WebAssembly.
        if (spec.containsKey("wasm")) {
          Map<?, ?> wasm = map(spec.get("wasm"), "spec.wasm", problems);
          found.add(new Found("spec.wasm.pluginConfig", wasm.get("pluginConfig")));
        }
      }
      case "EnvoyExtensionPolicy" -> {
        Map<?, ?> spec = map(manifest.get("spec"), "spec", problems);
        Object filters = spec.get("wasm");
        if (filters instanceof List<?> list) {
          for (int i = 0; i < list.size(); i++) {
            String path = "spec.wasm[" + i + "]";
            Map<?, ?> filter = map(list.get(i), path, problems);
            found.add(new Found(path + ".config", filter.get("config")));
          }
        } else if (filters != null) {
          problems.add(new Problem("spec.wasm", "expected a list"));
        }
      }
      default -> {
        // Another resource in the same file.
      }
    }
  }

  /** Returns the map; of a missing value and of anything else, which is a problem, an empty one. */
  private static Map<?, ?> map(Object value, String path, List<Problem> problems) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    if (value != null) {
      problems.add(new Problem(path, "expected a map"));
    }
    return Map.of();
  }
}
