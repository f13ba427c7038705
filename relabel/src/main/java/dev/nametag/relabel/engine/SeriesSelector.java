package dev.nametag.relabel.engine;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A condition on labels, as the {@code if} of vmagent's rules spells it: {@code
 * calls{user="a",pod!~"x.*"}}. A label that is not there counts as empty; regexes are anchored.
 *
 * <p>Source: VictoriaMetrics documentation, Relabeling, "if"; Prometheus querying basics, time
 * series selectors.
 *
 * @param text the selector as it is written
 * @param filters what must hold, all of it
 */
public record SeriesSelector(String text, List<Filter> filters) {
  /** Copies. */
  public SeriesSelector {
    filters = List.copyOf(filters);
  }

  /**
   * What must hold for one label.
   *
   * @param label its name
   * @param operator {@code =}, {@code !=}, {@code =~} or {@code !~}
   * @param value a text or a regex
   */
  public record Filter(String label, String operator, String value) {
    boolean holds(String actual) {
      boolean found =
          operator.endsWith("~") ? Pattern.matches(anchored(value), actual) : actual.equals(value);
      return found != operator.startsWith("!");
    }
  }

  /**
   * Returns the selector that a text spells.
   *
   * @throws IllegalArgumentException if it is none; the message is the reason
   */
  public static SeriesSelector parse(String text) {
    List<Filter> filters = new SelectorParser(text).parse();
    for (Filter filter : filters) {
      if (filter.operator().endsWith("~")) {
        checkRegex(filter.value());
      }
    }
    return new SeriesSelector(text, filters);
  }

  private static void checkRegex(String regex) {
    String reason = RegexLimits.reasonToRefuse(anchored(regex));
    try {
      if (reason.isEmpty()) {
        Pattern.compile(anchored(regex));
        return;
      }
    } catch (PatternSyntaxException e) {
      reason = e.getDescription();
    }
    throw new IllegalArgumentException("error parsing regexp: " + reason + ": `" + regex + "`");
  }

  private static String anchored(String regex) {
    return "^(?s:" + regex + ")$";
  }

  /** Returns whether labels, given by name, are those that are selected. */
  public boolean matches(UnaryOperator<String> labels) {
    for (Filter filter : filters) {
      if (!filter.holds(labels.apply(filter.label()))) {
        return false;
      }
    }
    return true;
  }
}
