package dev.nametag.relabel.explain;

import java.io.PrintWriter;

/** Writes explanations one after another as they come; {@link #end} finishes the report. */
public sealed interface ExplanationReport permits TextReport, JsonReport, HtmlReport {
  /** Writes one explanation. */
  void add(Explanation explanation);

  /** Writes what belongs behind the last explanation. */
  void end();

  /** Returns a report for a terminal. */
  static ExplanationReport text(PrintWriter out) {
    return new TextReport(out);
  }

  /**
   * Returns a report as a JSON list with one object for each step.
   *
   * @param path where the rules stand in their file, empty for a bare list
   */
  static ExplanationReport json(PrintWriter out, String path) {
    return new JsonReport(out, path);
  }

  /**
   * Returns a report as a page for a browser that loads nothing and runs no script.
   *
   * @param title what the rules are called, such as their file
   */
  static ExplanationReport html(PrintWriter out, String title) {
    return new HtmlReport(out, title);
  }
}
