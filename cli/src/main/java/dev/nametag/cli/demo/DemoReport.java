package dev.nametag.cli.demo;

import dev.nametag.naming.json.JsonWriter;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.exposition.Sample;
import dev.nametag.relabel.generate.RuleYaml;
import dev.nametag.relabel.yaml.YamlWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows the stops of a run, as text and as JSON. */
public final class DemoReport {
  private static final List<String> COLUMNS =
      List.of(LabelNames.METRIC_NAME, "user", "group", "namespace");
  private static final String QUERY = "authorized_calls_with_user_and_group{user=\"premiumuser1\"}";

  private final Demo demo;

  /** Shows the stops of this run. */
  public DemoReport(Demo demo) {
    this.demo = demo;
  }

  /** Returns a stop as an object of plain values: profile, stop, page, rules, series. */
  public Map<String, Object> json(Stop stop) {
    List<Object> series = new ArrayList<>();
    for (Sample sample : stop.series()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("metric", sample.labels().asMap());
      object.put("value", sample.value());
      series.add(object);
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("profile", demo.profile().text());
    object.put("stop", stop.id());
    object.put("page", stop.page());
    object.put("rules", RuleYaml.CAMEL_CASE.withoutComments(demo.rules()));
    object.put("series", series);
    return object;
  }

  /** Returns a stop as people read it. */
  public String text(Stop stop) {
    StringBuilder out = new StringBuilder();
    out.append("=== ").append(demo.profile().text()).append(" (").append(stop.id()).append("): ");
    out.append(stop.title()).append("\n\n");
    switch (stop.id()) {
      case "a" -> page(stop, out);
      case "b" -> {
        rules(out);
        table(stop, out);
      }
      default -> {
        answer(stop, out);
        table(stop, out);
      }
    }
    return out.append('\n').toString();
  }

  private static void page(Stop stop, StringBuilder out) {
    out.append("$ curl -s ").append(stop.url()).append(" | grep _calls_\n");
    stop.page()
        .lines()
        .filter(line -> line.contains("_calls_"))
        .forEach(line -> out.append(line).append('\n'));
  }

  private void rules(StringBuilder out) {
    out.append("The generated rules:\n\n");
    out.append(YamlWriter.write(Map.of("metricRelabelings", RuleYaml.CAMEL_CASE.of(demo.rules()))));
    out.append("\nWhat Prometheus stores with them:\n\n");
  }

  private static void answer(Stop stop, StringBuilder out) {
    out.append("$ query '").append(QUERY).append("'\n");
    List<Object> result = new ArrayList<>();
    for (Sample sample : stop.series()) {
      if (sample.name().equals("authorized_calls_with_user_and_group")
          && "premiumuser1".equals(sample.labels().get("user"))) {
        Map<String, Object> element = new LinkedHashMap<>();
        element.put("metric", sample.labels().asMap());
        element.put("value", List.of(now(), sample.value()));
        result.add(element);
      }
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("resultType", "vector");
    data.put("result", result);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", "success");
    answer.put("data", data);
    out.append(JsonWriter.writeIndented(answer)).append("\n\n");
  }

  /** Seconds since 1970, as Prometheus' HTTP API writes them. */
  private static BigDecimal now() {
    return BigDecimal.valueOf(System.currentTimeMillis()).movePointLeft(3);
  }

  private static void table(Stop stop, StringBuilder out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("metric", "user", "group", "namespace", "value"));
    Map<String, List<String>> sorted = new TreeMap<>();
    for (Sample sample : stop.series()) {
      if (sample.labels().has("user")) {
        List<String> row = new ArrayList<>();
        for (String column : COLUMNS) {
          row.add(sample.labels().get(column));
        }
        row.add(sample.value());
        sorted.put(String.join("\0", row), row);
      }
    }
    rows.addAll(sorted.values());
    int[] widths = new int[COLUMNS.size() + 1];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        String cell = row.get(i);
        String padding = " ".repeat(widths[i] - cell.length());
        boolean last = i == widths.length - 1;
        out.append(last ? padding + cell + "\n" : cell + padding + "  ");
      }
    }
  }
}
