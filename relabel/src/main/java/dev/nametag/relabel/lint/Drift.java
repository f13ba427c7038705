package dev.nametag.relabel.lint;

import dev.nametag.relabel.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares a deployed file with what would be generated now: by value, whatever the layout, the
 * comments and the order of keys. What a cluster adds to a resource does not count.
 */
public final class Drift {
  private static final int MAX_SHOWN = 200;

  /** What the API server writes into a resource. */
  private static final Set<String> CLUSTER_METADATA =
      Set.of(
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "managedFields",
          "selfLink",
          "ownerReferences");

  /** What the API server writes into the spec of a Service. */
  private static final Set<String> CLUSTER_SERVICE =
      Set.of(
          "clusterIP",
          "clusterIPs",
          "ipFamilies",
          "ipFamilyPolicy",
          "internalTrafficPolicy",
          "sessionAffinity",
          "type");

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private Drift() {}

  /**
   * Returns one line for each difference: where, what is deployed, what would be generated.
   *
   * @param file how messages call the deployed file
   * @throws dev.nametag.relabel.yaml.YamlException if the deployed file is no YAML
   */
  public static List<String> between(String file, String deployed, String generated) {
    Map<String, Object> old = byName(YamlReader.read(file, deployed));
    Map<String, Object> now = byName(YamlReader.read("generated", generated));
    List<String> differences = new ArrayList<>();
    compare("", old, now, differences);
    return differences;
  }

  /** Returns the documents by kind and name, so that their order does not count. */
  private static Map<String, Object> byName(List<Object> documents) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (Object document : documents) {
      if (document instanceof Map<?, ?> map
          && Objects.equals(map.get("kind"), "List")
          && map.get("items") instanceof List<?> items) {
        items.forEach(item -> put(item, named));
      } else if (document != null) {
        put(document, named);
      }
    }
    return named;
  }

  private static void put(Object document, Map<String, Object> to) {
    String name = "";
    if (document instanceof Map<?, ?> map && map.get("kind") instanceof String kind) {
      Object metadata = map.get("metadata");
      name = kind + (metadata instanceof Map<?, ?> m ? " " + m.get("name") : "");
    }
    String key = name;
    for (int i = 2; to.containsKey(key); i++) {
      key = (name + " " + i).strip();
    }
    to.put(key, name.isEmpty() ? document : withoutClusterFields((Map<?, ?>) document));
  }

  private static Map<Object, Object> withoutClusterFields(Map<?, ?> resource) {
    Map<Object, Object> copy = new LinkedHashMap<>(resource);
    copy.remove("status");
    if (copy.get("metadata") instanceof Map<?, ?> metadata) {
      Map<Object, Object> kept = new LinkedHashMap<>(metadata);
      kept.keySet().removeAll(CLUSTER_METADATA);
      if (kept.get("annotations") instanceof Map<?, ?> annotations) {
        Map<Object, Object> own = new LinkedHashMap<>(annotations);
        own.remove(LAST_APPLIED);
        if (own.isEmpty()) {
          kept.remove("annotations");
        } else {
          kept.put("annotations", own);
        }
      }
      copy.put("metadata", kept);
    }
    if ("Service".equals(copy.get("kind")) && copy.get("spec") instanceof Map<?, ?> spec) {
      Map<Object, Object> own = new LinkedHashMap<>(spec);
      own.keySet().removeAll(CLUSTER_SERVICE);
      copy.put("spec", own);
    }
    return copy;
  }

  private static void compare(String path, Object old, Object now, List<String> differences) {
    if (old instanceof Map<?, ?> oldMap && now instanceof Map<?, ?> nowMap) {
      // The first key is the name of a resource, not a field.
      String separator = path.contains(" ") && !path.contains(": ") ? ": " : ".";
      Set<String> keys = new TreeSet<>();
      oldMap.keySet().forEach(key -> keys.add((String) key));
      nowMap.keySet().forEach(key -> keys.add((String) key));
      for (String key : keys) {
        String here = path.isEmpty() ? key : path + separator + key;
        if (!oldMap.containsKey(key)) {
          differences.add(here + ": missing; generated " + shown(nowMap.get(key)));
        } else if (!nowMap.containsKey(key)) {
          differences.add(here + ": deployed " + shown(oldMap.get(key)) + "; not generated");
        } else {
          compare(here, oldMap.get(key), nowMap.get(key), differences);
        }
      }
    } else if (old instanceof List<?> oldList && now instanceof List<?> nowList) {
      if (oldList.size() != nowList.size()) {
        differences.add(
            path + ": deployed " + oldList.size() + " items; generated " + nowList.size());
      }
      for (int i = 0; i < Math.min(oldList.size(), nowList.size()); i++) {
        compare(path + "[" + i + "]", oldList.get(i), nowList.get(i), differences);
      }
    } else if (!Objects.equals(old, now)) {
      differences.add(path + ": deployed " + shown(old) + "; generated " + shown(now));
    }
  }

  private static String shown(Object value) {
    String text = value instanceof String string ? "\"" + string + "\"" : String.valueOf(value);
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }
}
