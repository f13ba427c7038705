package dev.nametag.relabel.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An ordered list of rules, compiled: rules with the same regex share one program.
 *
 * <p>Immutable and safe for threads. For many label sets, take one {@link #relabeler()} per thread.
 */
public final class RelabelRules {
  private final List<RelabelRule> rules;
  private final List<RegexProgram> programs;
  private final List<CompiledRule> compiled;

  private RelabelRules(List<RelabelRule> rules) {
    this.rules = List.copyOf(rules);
    Map<Regex, Integer> numbers = new LinkedHashMap<>();
    List<RegexProgram> distinct = new ArrayList<>();
    List<CompiledRule> inOrder = new ArrayList<>();
    for (RelabelRule rule : this.rules) {
      Regex regex = new Regex(rule.regex(), rule.action().isAnchored());
      Integer number = numbers.get(regex);
      if (number == null) {
        number = distinct.size();
        numbers.put(regex, number);
        distinct.add(RegexProgram.compile(regex.text(), regex.anchored()));
      }
      inOrder.add(CompiledRule.of(rule, number, distinct.get(number)));
    }
    this.programs = List.copyOf(distinct);
    this.compiled = List.copyOf(inOrder);
  }

  /** Returns the rules in this order. */
  public static RelabelRules of(List<RelabelRule> rules) {
    return new RelabelRules(rules);
  }

  /** Returns the rules in this order. */
  public static RelabelRules of(RelabelRule... rules) {
    return new RelabelRules(List.of(rules));
  }

  /** Returns the rules in order. */
  public List<RelabelRule> rules() {
    return rules;
  }

  /** Returns whose rules they are; Prometheus 3 if there are none. */
  public Dialect dialect() {
    return rules.isEmpty() ? Dialect.PROMETHEUS : rules.get(0).dialect();
  }

  /** Returns the labels after the last rule, or nothing if a rule dropped the series. */
  public Optional<Labels> apply(Labels labels) {
    return relabeler().apply(labels);
  }

  /** Returns what each rule did, in order; the list ends with the rule that dropped the series. */
  public List<RelabelStep> trace(Labels labels) {
    return relabeler().trace(labels);
  }

  /** Returns an engine for one thread that reuses its buffers. */
  public Relabeler relabeler() {
    return new Relabeler(this);
  }

  List<RegexProgram> programs() {
    return programs;
  }

  List<CompiledRule> compiled() {
    return compiled;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RelabelRules that && rules.equals(that.rules);
  }

  @Override
  public int hashCode() {
    return rules.hashCode();
  }

  @Override
  public String toString() {
    return rules.toString();
  }

  private record Regex(String text, boolean anchored) {}

  /** A rule with the number of its program and its templates. */
  record CompiledRule(RelabelRule rule, int program, Template target, Template replacement) {
    static CompiledRule of(RelabelRule rule, int number, RegexProgram program) {
      return new CompiledRule(
          rule,
          number,
          Template.compile(rule.targetLabel(), program.pattern()),
          Template.compile(rule.replacement(), program.pattern()));
    }
  }
}
