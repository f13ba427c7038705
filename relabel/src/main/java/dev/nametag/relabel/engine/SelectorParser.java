package dev.nametag.relabel.engine;

import java.util.ArrayList;
import java.util.List;

/** Takes the text of a {@link SeriesSelector} apart. */
final class SelectorParser {
  private final String text;
  private int at;

  SelectorParser(String text) {
    this.text = text;
  }

  /** Returns the filters; the metric name is one of them. */
  List<SeriesSelector.Filter> parse() {
    List<SeriesSelector.Filter> filters = new ArrayList<>();
    skipSpace();
    String name = name();
    if (!name.isEmpty()) {
      filters.add(new SeriesSelector.Filter(LabelNames.METRIC_NAME, "=", name));
      skipSpace();
    }
    if (at < text.length() && text.charAt(at) == '{') {
      at++;
      braces(filters);
      skipSpace();
    }
    if (at < text.length()) {
      throw refuse("expected a series selector, found " + rest());
    }
    if (filters.isEmpty()) {
      throw refuse("the series selector selects nothing");
    }
    return filters;
  }

  private void braces(List<SeriesSelector.Filter> filters) {
    while (true) {
      skipSpace();
      if (take("}")) {
        return;
      }
      boolean quoted = at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'');
      String label = quoted ? quoted() : name();
      if (label.isEmpty()) {
        throw refuse("expected a label name, found " + rest());
      }
      skipSpace();
      if (at < text.length() && (text.charAt(at) == ',' || text.charAt(at) == '}') && quoted) {
        filters.add(new SeriesSelector.Filter(LabelNames.METRIC_NAME, "=", label));
      } else {
        String operator = operator();
        skipSpace();
        filters.add(new SeriesSelector.Filter(label, operator, quoted()));
        skipSpace();
      }
      if (text.startsWith("or ", at) || text.startsWith("or{", at)) {
        throw refuse("'or' between filters, which newer vmagents take, is not run here");
      }
      if (!take(",") && (at >= text.length() || text.charAt(at) != '}')) {
        throw refuse("expected a comma or a closing brace, found " + rest());
      }
    }
  }

  private String operator() {
    for (String operator : List.of("=~", "!~", "!=", "=")) {
      if (take(operator)) {
        return operator;
      }
    }
    throw refuse("expected =, !=, =~ or !~, found " + rest());
  }

  private String name() {
    int start = at;
    while (at < text.length()
        && (LabelNames.isMetricName(text.substring(at, at + 1))
            || (at > start && Character.digit(text.charAt(at), 10) >= 0))) {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    if (at >= text.length() || (text.charAt(at) != '"' && text.charAt(at) != '\'')) {
      throw refuse("expected a text in quotes, found " + rest());
    }
    char quote = text.charAt(at++);
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      if (c == '\\') {
        c = escaped();
      }
      value.append(c);
    }
    if (at >= text.length()) {
      throw refuse("the selector ends inside a text in quotes");
    }
    at++;
    return value.toString();
  }

  private char escaped() {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '\\', '"', '\'' -> c;
      default -> throw refuse("an escape that is not understood here, \\" + c);
    };
  }

  private boolean take(String expected) {
    if (!text.startsWith(expected, at)) {
      return false;
    }
    at += expected.length();
    return true;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private String rest() {
    return at >= text.length()
        ? "the end"
        : Text.quote(text.substring(at, Math.min(text.length(), at + 40)));
  }

  private static IllegalArgumentException refuse(String reason) {
    return new IllegalArgumentException(reason);
  }
}
