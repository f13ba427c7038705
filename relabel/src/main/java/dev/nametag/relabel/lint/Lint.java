package dev.nametag.relabel.lint;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.Relabeler;
import dev.nametag.relabel.yaml.YamlNode;
import dev.nametag.relabel.yaml.YamlReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks for faults in relabel rules and in what stands beside them. */
public final class Lint {
  /** Every check, in the order in which findings are reported. */
  private static final List<Check> CHECKS =
      List.of(
          new RefusedRules(),
          new GroupReferences(),
          new WrongKindOfRules(),
          new QuotedValues(),
          new Leftovers(),
          new Collisions(),
          new AmbiguousBorders(),
          new ImpossibleCharacters(),
          new OverwrittenTargetLabels(),
          new LostMetadata(),
          new UnguardedCost(),
          new UnboundedIdentity(),
          new WrongOrder(),
          new NeverMatches(),
          new TemporaryLabels(),
          new ReservedLabels(),
          new RefusedSeries(),
          new Undecoded(),
          new Joins(),
          new InclusionLists());

  private Lint() {}

  /**
   * Returns what is wrong with the rules in some files and with what stands beside them.
   *
   * @param page the series of a scraped page; without one, series are made up
   * @param schema the configuration of the filter that writes the names
   * @throws dev.nametag.relabel.yaml.YamlException if a file is no YAML
   */
  public static LintReport run(
      List<LintInput> inputs, Optional<PageSeries> page, Optional<Schema> schema) {
    Findings findings = new Findings();
    List<String> notes = new ArrayList<>();
    List<RuleList> lists = new ArrayList<>();
    Facts facts = new Facts();
    boolean known = false;
    for (LintInput input : inputs) {
      List<YamlNode> documents = YamlReader.readNodes(input.file(), input.text());
      RuleFinder finder = new RuleFinder(input.file(), findings);
      for (int i = 0; i < documents.size(); i++) {
        String root = documents.size() == 1 ? "" : "documents[" + i + "]";
        lists.addAll(finder.lists(documents.get(i), root));
        facts.read(input.file(), root, documents.get(i));
      }
      if (finder.vmOnly() > 0) {
        known = true;
        notes.add(
            "%s: %d lists of rules need VictoriaMetrics and were not looked at"
                .formatted(input.file(), finder.vmOnly()));
      }
    }
    known |= !lists.isEmpty() || !facts.inclusionLists().isEmpty() || !facts.allowlists().isEmpty();
    if (!known) {
      notes.add(inputs.get(0).file() + ": no relabel rules in it");
    }
    page.filter(series -> !series.complete())
        .ifPresent(
            series -> notes.add("only " + series.series().size() + " series were looked at"));
    Subject subject = new Subject(List.copyOf(lists), facts, page.map(PageSeries::series), schema);
    page.ifPresent(series -> count(subject, series.series(), notes));
    CHECKS.forEach(check -> check.run(subject, findings));
    return new LintReport(findings.all(), notes, known);
  }

  private static void count(Subject subject, List<Labels> page, List<String> notes) {
    for (RuleList list : subject.metricLists()) {
      Optional<RelabelRules> rules = list.runnable();
      if (rules.isPresent()) {
        Relabeler relabeler = rules.get().relabeler();
        Set<Labels> after = new HashSet<>();
        for (Labels series : page) {
          relabeler.apply(series).ifPresent(after::add);
        }
        notes.add(
            "%s: %s: %d series before the rules, %d after"
                .formatted(list.file(), list.path(), page.size(), after.size()));
      }
    }
  }
}
