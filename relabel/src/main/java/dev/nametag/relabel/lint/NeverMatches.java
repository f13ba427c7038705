package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelAction;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelStep;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Rules that can never match: no metric name has the characters that they want, or earlier rules
 * let nothing through that they could match. Only what is proven is reported.
 */
final class NeverMatches implements Check {
  private static final int FEW = 64;

  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.metricLists()) {
      RelabelRules rules = list.runnable();
      for (LintRule rule : list.rules()) {
        if (!rule.readsName()
            || rule.generated()
            || rule.samples().isEmpty()
            || mayGetAnotherName(list, rule)) {
          continue;
        }
        RegexSamples samples = rule.samples().get();
        OptionalInt impossible = ImpossibleCharacters.required(samples.parts());
        if (impossible.isPresent()) {
          String c = Character.toString(impossible.getAsInt());
          report(
              list, rule, "it wants a " + c + ", which no metric name of Envoy has", c, findings);
        } else {
          intercepted(list, rules, rule, samples)
              .ifPresent(text -> report(list, rule, text, samples.prefix(), findings));
        }
      }
    }
  }

  /**
   * After a rule that can rename series, or is not understood, any name can come, whatever was
   * dropped before.
   */
  private static boolean mayGetAnotherName(RuleList list, LintRule rule) {
    return list.rules().subList(0, rule.index()).stream()
        .anyMatch(earlier -> earlier.rule().isEmpty() || mayRename(earlier.rule().get()));
  }

  private static boolean mayRename(RelabelRule earlier) {
    return earlier.action() == RelabelAction.LABELMAP
        || earlier.targetLabel().equals("__name__")
        || earlier.targetLabel().contains("$");
  }

  private static void report(
      RuleList list, LintRule rule, String reason, String example, Findings findings) {
    findings.add(
        "never-matches",
        list,
        rule,
        "the rule never matches: " + reason,
        example,
        "leave it out, or move it before the rule that takes its series away");
  }

  private static Optional<String> intercepted(
      RuleList list, RelabelRules rules, LintRule rule, RegexSamples samples) {
    Optional<Set<String>> all = samples.all(FEW);
    if (all.isPresent()) {
      return all.get().stream().anyMatch(text -> reaches(rules, rule, text))
          ? Optional.empty()
          : Optional.of("every series that it means is dropped or renamed by an earlier rule");
    }
    String prefix = samples.prefix();
    for (LintRule earlier : list.rules().subList(0, rule.index())) {
      if (prefix.isEmpty() || !earlier.readsName() || earlier.samples().isEmpty()) {
        continue;
      }
      RegexSamples other = earlier.samples().get();
      boolean drops = earlier.rule().get().action() == RelabelAction.DROP;
      boolean keeps = earlier.rule().get().action() == RelabelAction.KEEP;
      boolean apart = !other.prefix().startsWith(prefix) && !prefix.startsWith(other.prefix());
      boolean dropped = drops && other.openPrefix().map(prefix::startsWith).orElse(false);
      boolean notKept = keeps && apart && !other.prefix().isEmpty();
      if (dropped || notKept) {
        return Optional.of("rule " + earlier.index() + " has dropped all its series");
      }
    }
    return Optional.empty();
  }

  private static boolean reaches(RelabelRules rules, LintRule rule, String name) {
    if (name.isEmpty()) {
      return true;
    }
    List<RelabelStep> steps = rules.trace(Labels.of("__name__", name));
    return steps.size() > rule.index() && steps.get(rule.index()).matched();
  }
}
