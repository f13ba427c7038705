package dev.nametag.relabel.explain;

import dev.nametag.naming.json.JsonWriter;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** One object for each step, all in one list. */
final class JsonReport implements ExplanationReport {
  private final PrintWriter out;
  private final String path;
  private String before = "[";

  JsonReport(PrintWriter out, String path) {
    this.out = out;
    this.path = path;
  }

  @Override
  public void add(Explanation explanation) {
    for (Explanation.Step step : explanation.steps()) {
      out.println(before);
      out.print(JsonWriter.writeIndented(object(explanation, step)));
      before = ",";
    }
  }

  private Map<String, Object> object(Explanation explanation, Explanation.Step step) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("series", SeriesText.of(explanation.series()));
    object.put("rule", step.index());
    object.put("path", path + "[" + step.index() + "]");
    object.put("action", step.rule().action().text());
    object.put("sourceLabels", step.rule().sourceLabels());
    object.put("source", step.source());
    object.put("regex", step.rule().regex());
    object.put("matched", step.matched());
    Map<String, Object> groups = new LinkedHashMap<>();
    step.groups().forEach(group -> groups.put(group.name(), group.text()));
    object.put("groups", groups);
    object.put("changes", step.changes().stream().map(JsonReport::change).toList());
    object.put("dropped", step.dropped());
    return object;
  }

  private static Map<String, Object> change(Explanation.Change change) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("label", change.label());
    object.put("before", change.before().isEmpty() ? null : change.before());
    object.put("after", change.after().isEmpty() ? null : change.after());
    return object;
  }

  @Override
  public void end() {
    out.println(before.equals("[") ? "[]" : "\n]");
    out.flush();
  }
}
