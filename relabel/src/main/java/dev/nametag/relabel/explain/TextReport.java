package dev.nametag.relabel.explain;

import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.engine.SeriesSelector;
import java.io.PrintWriter;
import java.util.List;

/** Steps as lines; rules that changed nothing share one. */
final class TextReport implements ExplanationReport {
  private final PrintWriter out;

  TextReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void add(Explanation explanation) {
    out.println(SeriesText.of(explanation.series()));
    int idle = 0;
    List<Explanation.Step> steps = explanation.steps();
    for (Explanation.Step step : steps) {
      if (step.changed()) {
        printIdle(steps, step.index(), idle);
        idle = 0;
        print(step);
      } else {
        idle++;
      }
    }
    printIdle(steps, steps.size(), idle);
    out.println(
        explanation.result().map(labels -> "  = " + SeriesText.of(labels)).orElse("  = dropped"));
  }

  private void printIdle(List<Explanation.Step> steps, int end, int count) {
    if (count == 1) {
      out.println("  rule " + (end - 1) + ": " + outcome(steps.get(end - 1)));
    } else if (count > 1) {
      out.println("  rules " + (end - count) + " to " + (end - 1) + ": changed nothing");
    }
  }

  private static String outcome(Explanation.Step step) {
    return step.matched() ? "matches, changed nothing" : "does not match, changed nothing";
  }

  private void print(Explanation.Step step) {
    RelabelRule rule = step.rule();
    out.println("  rule " + step.index() + ": " + condition(step));
    for (Explanation.Captured group : step.groups()) {
      out.println("      $" + group.name() + " = " + quote(group.text()));
    }
    for (Explanation.Change change : step.changes()) {
      out.println("      " + change(change));
    }
    if (step.dropped()) {
      out.println("      drops the series (" + rule.action().text() + ")");
    }
  }

  /** Returns what the rule looked at and what came of it. */
  static String condition(Explanation.Step step) {
    RelabelRule rule = step.rule();
    String action = rule.action().text();
    String sees = String.join(rule.separator(), rule.sourceLabels()) + " = " + quote(step.source());
    if (step.skipped()) {
      List<String> conditions = rule.conditions().stream().map(SeriesSelector::text).toList();
      return action + ": if " + String.join(" or ", conditions) + " does not hold";
    }
    return switch (rule.action()) {
      case REPLACE, KEEP, DROP ->
          "%s: %s %s %s"
              .formatted(action, sees, step.matched() ? "matches" : "does not match", rule.regex());
      case KEEPEQUAL, DROPEQUAL ->
          "%s: %s %s the label %s"
              .formatted(
                  action, sees, step.matched() ? "equals" : "differs from", rule.targetLabel());
      case REPLACE_ALL ->
          "%s: %s %s %s"
              .formatted(
                  action,
                  sees,
                  step.matched() ? "has matches of" : "has no match of",
                  rule.regex());
      case KEEP_IF_EQUAL, DROP_IF_EQUAL ->
          "%s: %s, which %s equal"
              .formatted(action, sees, step.matched() ? "are all" : "are not all");
      case KEEP_METRICS, DROP_METRICS ->
          "%s: __name__ = %s %s %s"
              .formatted(
                  action,
                  quote(step.source()),
                  step.matched() ? "matches" : "does not match",
                  rule.regex());
      case HASHMOD, LOWERCASE, UPPERCASE -> action + ": " + sees;
      case LABELMAP, LABELMAP_ALL, LABELDROP, LABELKEEP ->
          "%s: %s of the labels %s %s"
              .formatted(
                  action,
                  step.matched() ? "some" : "none",
                  step.source(),
                  step.matched() ? "match " + rule.regex() : "matches " + rule.regex());
    };
  }

  private static String change(Explanation.Change change) {
    String name = change.label();
    if (change.before().isEmpty()) {
      return "sets " + name + " = " + quote(change.after());
    }
    if (change.after().isEmpty()) {
      return "deletes " + name + " (was " + quote(change.before()) + ")";
    }
    return "sets " + name + " = " + quote(change.after()) + " (was " + quote(change.before()) + ")";
  }

  /** Returns a text in quotes, fit for a terminal. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (Character.isISOControl(c)) {
                quoted.append(c == '\n' ? "\\n" : "\\u%04x".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }

  @Override
  public void end() {
    out.flush();
  }
}
