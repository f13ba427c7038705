package dev.nametag.relabel.explain;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelStep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What rules did to one series.
 *
 * @param series the series before the first rule
 * @param steps one for each rule that ran; the last one may have dropped the series
 * @param result the series after the last rule, nothing if it was dropped
 */
public record Explanation(Labels series, List<Step> steps, Optional<Labels> result) {
  /** Copies. */
  public Explanation {
    steps = List.copyOf(steps);
  }

  /**
   * What one rule did.
   *
   * @param index the rule's place in the list, from 0
   * @param rule the rule
   * @param source what the rule looked at: the joined values of the source labels, or for label
   *     actions the names of all labels, joined by commas
   * @param matched whether its condition held
   * @param groups what the regex captured, group 0 left out; empty unless it matched
   * @param changes the labels that are different now, in the order of their names
   * @param dropped whether the series ended here
   * @param skipped whether the rule's {@code if} did not hold
   */
  public record Step(
      int index,
      RelabelRule rule,
      String source,
      boolean matched,
      List<Captured> groups,
      List<Change> changes,
      boolean dropped,
      boolean skipped) {
    /** Copies. */
    public Step {
      groups = List.copyOf(groups);
      changes = List.copyOf(changes);
    }

    /** Returns whether the series is another one than before. */
    public boolean changed() {
      return dropped || !changes.isEmpty();
    }
  }

  /**
   * A captured group.
   *
   * @param name its number, or its name if it has one
   * @param text what it captured; empty also if it took no part in the match
   */
  public record Captured(String name, String text) {}

  /**
   * A label that a rule changed.
   *
   * @param label its name
   * @param before the value before; empty if there was no such label
   * @param after the value after; empty if there is no such label now
   */
  public record Change(String label, String before, String after) {}

  /** Returns what the rules do to a series. */
  public static Explanation of(RelabelRules rules, Labels series) {
    List<Step> steps = new ArrayList<>();
    Optional<Labels> result = Optional.of(series);
    for (RelabelStep step : rules.trace(series)) {
      steps.add(step(step));
      result = step.after();
    }
    return new Explanation(series, steps, result);
  }

  private static Step step(RelabelStep step) {
    String source = source(step);
    return new Step(
        step.index(),
        step.rule(),
        source,
        step.matched(),
        step.matched() ? captured(step.rule(), source) : List.of(),
        step.after().map(after -> changes(step.before(), after)).orElse(List.of()),
        step.after().isEmpty(),
        !step.rule().appliesTo(step.before()));
  }

  private static String source(RelabelStep step) {
    return switch (step.rule().action()) {
      case LABELMAP, LABELMAP_ALL, LABELDROP, LABELKEEP ->
          String.join(",", step.before().asMap().keySet());
      case KEEP_METRICS, DROP_METRICS -> step.before().metricName();
      case REPLACE,
          REPLACE_ALL,
          KEEP,
          DROP,
          KEEPEQUAL,
          DROPEQUAL,
          KEEP_IF_EQUAL,
          DROP_IF_EQUAL,
          HASHMOD,
          LOWERCASE,
          UPPERCASE -> {
        List<String> values = step.rule().sourceLabels().stream().map(step.before()::get).toList();
        yield String.join(step.rule().separator(), values);
      }
    };
  }

  private static List<Captured> captured(RelabelRule rule, String source) {
    return switch (rule.action()) {
      case REPLACE, KEEP, DROP, KEEP_METRICS, DROP_METRICS -> {
        Pattern pattern = Pattern.compile("^(?s:" + rule.regex() + ")$");
        Matcher matcher = pattern.matcher(source);
        yield matcher.find() ? groups(pattern, matcher) : List.of();
      }
      case REPLACE_ALL,
          KEEPEQUAL,
          DROPEQUAL,
          KEEP_IF_EQUAL,
          DROP_IF_EQUAL,
          HASHMOD,
          LABELMAP,
          LABELMAP_ALL,
          LABELDROP,
          LABELKEEP,
          LOWERCASE,
          UPPERCASE ->
          List.of();
    };
  }

  private static List<Captured> groups(Pattern pattern, Matcher matcher) {
    List<Captured> groups = new ArrayList<>();
    for (int i = 1; i <= matcher.groupCount(); i++) {
      String name = Integer.toString(i);
      for (Map.Entry<String, Integer> named : pattern.namedGroups().entrySet()) {
        name = named.getValue() == i ? named.getKey() : name;
      }
      String text = matcher.group(i);
      groups.add(new Captured(name, text == null ? "" : text));
    }
    return groups;
  }

  private static List<Change> changes(Labels before, Labels after) {
    Set<String> names = new LinkedHashSet<>(before.asMap().keySet());
    names.addAll(after.asMap().keySet());
    List<Change> changes = new ArrayList<>();
    names.stream()
        .sorted()
        .filter(name -> !before.get(name).equals(after.get(name)))
        .forEach(name -> changes.add(new Change(name, before.get(name), after.get(name))));
    return changes;
  }
}
