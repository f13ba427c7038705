package dev.nametag.relabel.generate;

import dev.nametag.naming.json.JsonReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads an answer of the query API (Prometheus documentation, HTTP API). */
final class StoredSeries {
  private StoredSeries() {}

  /** Returns the value of each series by its labels, without those of the scrape target. */
  static Map<Map<String, String>, String> of(String answer) {
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) JsonReader.read(answer)).get("data");
    Map<Map<String, String>, String> stored = new LinkedHashMap<>();
    for (Object each : (List<?>) data.get("result")) {
      Map<String, String> labels = new TreeMap<>();
      ((Map<?, ?>) ((Map<?, ?>) each).get("metric"))
          .forEach((name, value) -> labels.put((String) name, (String) value));
      labels.remove("job");
      labels.remove("instance");
      stored.put(labels, (String) ((List<?>) ((Map<?, ?>) each).get("value")).get(1));
    }
    return stored;
  }
}
