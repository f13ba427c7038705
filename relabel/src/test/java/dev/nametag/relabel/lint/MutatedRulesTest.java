package dev.nametag.relabel.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.Metric;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.generate.RuleGenerator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Generated rules with one fault each: a rule left out, two neighbours swapped, a histogram's
 * suffix forgotten. With the configuration, lint finds every fault that changes a label, and no
 * other.
 */
class MutatedRulesTest {
  private static final Schema SCHEMA =
      Schema.parse(
          """
          {"labels": {"user": {"value": ""}, "group": {"value": ""}},
           "metrics": {
             "calls": {"count": "all", "labels": ["user", "group"]},
             "lat": {"count": "all", "record": "request.duration", "labels": ["user", "group"]}}}
          """);

  private static final List<RelabelRule> RULES =
      RuleGenerator.toRules(RuleGenerator.generate(SCHEMA)).rules();

  private static final Set<String> TEMPORARY = Set.of("__tmp_nametag", "instance");

  private static final List<Labels> SERIES = series();
  private static final List<Optional<Labels>> RESULTS = results(RULES);

  private static List<Labels> series() {
    List<Labels> series = new ArrayList<>();
    for (Metric metric : SCHEMA.metrics()) {
      for (String suffix : FixedSet.suffixes(metric)) {
        FixedSet.of(SCHEMA, metric, suffix, TEMPORARY).forEach(tried -> series.add(tried.series()));
      }
    }
    series.add(Labels.of("__name__", "istio_requests_total", "__tmp_nametag", "x"));
    return series;
  }

  private static List<Optional<Labels>> results(List<RelabelRule> rules) {
    var relabeler = RelabelRules.of(rules).relabeler();
    return SERIES.stream().map(relabeler::apply).toList();
  }

  @Test
  void withoutAFaultNothingIsFound() {
    assertThat(findings(RULES)).isEmpty();
  }

  @Test
  void aRuleThatIsLeftOutIsMissed() {
    Map<String, List<RelabelRule>> mutants = new LinkedHashMap<>();
    for (int i = 0; i < RULES.size(); i++) {
      List<RelabelRule> mutant = new ArrayList<>(RULES);
      mutant.remove(i);
      mutants.put("without rule " + i, mutant);
    }

    assertThat(unchanged(mutants)).isEmpty();
  }

  @Test
  void rulesInAnotherOrderAreFoundIfTheOrderMatters() {
    Map<String, List<RelabelRule>> mutants = new LinkedHashMap<>();
    for (int i = 0; i + 1 < RULES.size(); i++) {
      List<RelabelRule> mutant = new ArrayList<>(RULES);
      Collections.swap(mutant, i, i + 1);
      mutants.put("rules " + i + " and " + (i + 1), mutant);
    }

    // Neighbours of which no text can match both, neither before nor after the other has run.
    assertThat(unchanged(mutants))
        .containsExactly(
            "rules 2 and 3", // no escapes; one to three
            "rules 4 and 5", // one to three, picked; more than three
            "rules 8 and 9", // more than three, picked; empty
            "rules 9 and 10", // empty; other
            "rules 10 and 11", // other; absent
            "rules 11 and 12", // absent; encoded
            "rules 15 and 16", // the same for the second label
            "rules 17 and 18",
            "rules 21 and 22",
            "rules 22 and 23",
            "rules 23 and 24",
            "rules 24 and 25",
            "rules 27 and 28"); // the temporary label goes; the labels are taken off the name
  }

  @Test
  void aSuffixThatIsForgottenIsMissed() {
    Map<String, List<RelabelRule>> mutants = new LinkedHashMap<>();
    for (int i = 0; i < RULES.size(); i++) {
      RelabelRule rule = RULES.get(i);
      String regex = rule.regex().replaceAll("\\((\\?:)?_bucket\\|_sum\\|_count\\)\\?", "");
      if (!regex.equals(rule.regex())) {
        List<RelabelRule> mutant = new ArrayList<>(RULES);
        mutant.set(
            i,
            RelabelRule.replace(
                rule.sourceLabels(), regex, rule.targetLabel(), rule.replacement()));
        mutants.put("rule " + i + " without suffixes", mutant);
      }
    }

    assertThat(mutants).hasSize(3);
    assertThat(unchanged(mutants)).isEmpty();
  }

  /** Returns the faults that change nothing, after it has held lint to all others. */
  private static Set<String> unchanged(Map<String, List<RelabelRule>> mutants) {
    Set<String> unchanged = new LinkedHashSet<>();
    Set<String> missed = new LinkedHashSet<>();
    Set<String> invented = new LinkedHashSet<>();
    mutants.forEach(
        (name, rules) -> {
          boolean same = results(rules).equals(RESULTS);
          boolean found = !findings(rules).isEmpty();
          if (same) {
            unchanged.add(name);
          }
          if (same && found) {
            invented.add(name);
          }
          if (!same && !found) {
            missed.add(name);
          }
        });
    assertThat(missed).isEmpty();
    assertThat(invented).isEmpty();
    return unchanged;
  }

  private static List<Finding> findings(List<RelabelRule> rules) {
    StringBuilder yaml = new StringBuilder();
    for (RelabelRule rule : rules) {
      yaml.append(
          "- {source_labels: [%s], regex: %s, target_label: %s, replacement: %s}\n"
              .formatted(
                  String.join(", ", rule.sourceLabels()),
                  quote(rule.regex()),
                  rule.targetLabel(),
                  quote(rule.replacement())));
    }
    return Lint.run(
            List.of(new LintInput("r.yml", yaml.toString())),
            Optional.empty(),
            Optional.empty(),
            Optional.of(SCHEMA))
        .findings();
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
