package dev.nametag.manifests;

import dev.nametag.naming.Label;
import dev.nametag.naming.json.JsonNumber;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.relabel.generate.TargetChecks;
import dev.nametag.relabel.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The WasmPlugin that installs the filter in Istio (Istio API, extensions/v1alpha1, WasmPlugin).
 *
 * <p>It runs in the phase STATS, behind authentication and authorization, and lets traffic pass if
 * the module cannot be had or fails: {@code failStrategy: FAIL_OPEN}. The key of pseudonyms, if the
 * configuration wants any, comes from the proxy's environment.
 *
 * @param name of the resource
 * @param namespace where the proxies are
 * @param selector labels of the proxies' pods, not empty
 * @param url where Istio fetches the module: {@code oci://}, {@code https://} or {@code file://}
 * @param sha256 of the module, 64 hex digits, or empty
 * @param strict whether the proxy refuses a wrong configuration instead of counting nothing
 */
public record WasmPluginTarget(
    String name,
    String namespace,
    Map<String, String> selector,
    String url,
    String sha256,
    boolean strict) {

  /** Checks and copies. */
  public WasmPluginTarget {
    if (selector.isEmpty()) {
      throw new IllegalArgumentException("selector: would select every pod of the namespace");
    }
    TargetChecks.name("name", name);
    TargetChecks.name("namespace", namespace);
    if (!url.matches("(?:oci|https?|file)://.+")) {
      throw new IllegalArgumentException(
          "url: \"" + url + "\" is neither an oci, http, https nor file URL");
    }
    if (!sha256.matches("(?:[0-9a-f]{64})?")) {
      throw new IllegalArgumentException("sha256: \"" + sha256 + "\" is not 64 hex digits");
    }
    selector = new LinkedHashMap<>(selector);
  }

  /** Returns the resource as a YAML document. */
  public String yaml(Configuration configuration) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    metadata.put("namespace", namespace);
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("selector", Map.of("matchLabels", selector));
    spec.put("url", url);
    if (!sha256.isEmpty()) {
      spec.put("sha256", sha256);
    }
    spec.put("pluginName", "nametag");
    spec.put("phase", "STATS");
    spec.put("failStrategy", "FAIL_OPEN");
    List<Object> variables = variables(configuration);
    if (!variables.isEmpty()) {
      spec.put("vmConfig", Map.of("env", variables));
    }
    spec.put("pluginConfig", writable(JsonReader.read(configuration.json())));
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("apiVersion", "extensions.istio.io/v1alpha1");
    resource.put("kind", "WasmPlugin");
    resource.put("metadata", metadata);
    resource.put("spec", spec);
    return YamlWriter.write(resource);
  }

  private List<Object> variables(Configuration configuration) {
    List<Object> variables = new ArrayList<>();
    if (strict) {
      Map<String, Object> variable = new LinkedHashMap<>();
      variable.put("name", "NAMETAG_STRICT");
      variable.put("value", "true");
      variables.add(variable);
    }
    if (configuration.schema().labels().stream().anyMatch(Label::pseudonym)) {
      // From the proxy's own environment, where a Secret can put it; never in a manifest.
      Map<String, Object> variable = new LinkedHashMap<>();
      variable.put("name", "NAMETAG_PSEUDONYM_KEY");
      variable.put("valueFrom", "HOST");
      variables.add(variable);
    }
    return variables;
  }

  /** Turns the numbers of the JSON reader into those that the YAML writer takes. */
  private static Object writable(Object json) {
    if (json instanceof Map<?, ?> map) {
      Map<String, Object> out = new LinkedHashMap<>();
      map.forEach((key, value) -> out.put((String) key, writable(value)));
      return out;
    }
    if (json instanceof List<?> list) {
      List<Object> out = new ArrayList<>();
      list.forEach(value -> out.add(writable(value)));
      return out;
    }
    if (json instanceof JsonNumber number) {
      // A configuration that was accepted has whole numbers only.
      return number.asLong();
    }
    return json;
  }
}
