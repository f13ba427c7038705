package dev.nametag.relabel.explain;

import java.io.PrintWriter;
import java.util.List;

/**
 * A page with one section for each series and one row for each step. Everything is inside the page;
 * what comes from rules and series is escaped.
 */
final class HtmlReport implements ExplanationReport {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
      code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
      section { border: 1px solid #8886; border-radius: 6px; margin: 1.5rem 0; padding: 0 1rem 1rem; }
      table { border-collapse: collapse; width: 100%%; }
      th, td { border-top: 1px solid #8884; padding: .35rem .5rem; text-align: left; vertical-align: top; }
      summary { cursor: pointer; padding: .35rem .5rem; }
      .set { background: #2a83; } .gone { background: #d443; text-decoration: line-through; }
      .idle { opacity: .65; } .result { font-weight: 600; }
      </style>
      </head>
      <body>
      <h1>%1$s</h1>
      """;

  private static final String COLUMNS =
      "<table><tr><th>rule</th><th>what it saw</th><th>captured</th><th>what it did</th></tr>";

  private final PrintWriter out;

  HtmlReport(PrintWriter out, String title) {
    this.out = out;
    out.print(HEAD.formatted(escape("Relabel rules: " + title)));
  }

  @Override
  public void add(Explanation explanation) {
    out.println("<section>");
    out.println("<h2>" + code(SeriesText.of(explanation.series())) + "</h2>");
    List<Explanation.Step> steps = explanation.steps();
    int from = 0;
    while (from < steps.size()) {
      int to = from;
      while (to < steps.size() && steps.get(to).changed() == steps.get(from).changed()) {
        to++;
      }
      run(steps.subList(from, to));
      from = to;
    }
    String result =
        explanation.result().map(labels -> code(SeriesText.of(labels))).orElse("dropped");
    out.println("<p class=\"result\">Result: " + result + "</p>");
    out.println("</section>");
  }

  /** Writes steps that all changed something, or all nothing: these fold away. */
  private void run(List<Explanation.Step> steps) {
    boolean idle = !steps.get(0).changed();
    if (idle) {
      int first = steps.get(0).index();
      int last = steps.get(steps.size() - 1).index();
      String which = first == last ? "Rule " + first : "Rules " + first + " to " + last;
      out.println("<details class=\"idle\"><summary>" + which + ": changed nothing</summary>");
    }
    out.println(COLUMNS);
    steps.forEach(this::row);
    out.println(idle ? "</table></details>" : "</table>");
  }

  private void row(Explanation.Step step) {
    out.print("<tr><td>" + step.index() + "</td><td>" + code(TextReport.condition(step)));
    out.print("</td><td>");
    for (Explanation.Captured group : step.groups()) {
      out.print(code("$" + group.name() + " = " + TextReport.quote(group.text())) + "<br>");
    }
    out.print("</td><td>");
    for (Explanation.Change change : step.changes()) {
      out.print(escape(change.label()) + ": ");
      if (!change.before().isEmpty()) {
        out.print("<code class=\"gone\">" + escape(change.before()) + "</code> ");
      }
      if (!change.after().isEmpty()) {
        out.print("<code class=\"set\">" + escape(change.after()) + "</code>");
      }
      out.print("<br>");
    }
    out.println((step.dropped() ? "drops the series" : "") + "</td></tr>");
  }

  private static String code(String text) {
    return "<code>" + escape(text) + "</code>";
  }

  /** Escapes for text and attribute values; control characters would be no HTML. */
  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c);
              }
            });
    return escaped.toString();
  }

  @Override
  public void end() {
    out.println("</body>\n</html>");
    out.flush();
  }
}
