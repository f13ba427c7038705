package dev.nametag.relabel.lint;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.Relabeler;
import dev.nametag.relabel.engine.VmagentKeys;
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
          new Utf8Names(),
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
          new DecodedLabels(),
          new Joins(),
          new InclusionLists());

  /** Those that hold for rules of vmagent, in which {@code if} and other actions matter. */
  private static final List<Check> VMAGENT_CHECKS =
      List.of(
          new RefusedRules(),
          new GroupReferences(),
          new WrongKindOfRules(),
          new Collisions(),
          new OverwrittenTargetLabels(),
          new TemporaryLabels(),
          new ReservedLabels(),
          new RefusedSeries(),
          new Undecoded(),
          new DecodedLabels());

  private Lint() {}

  /**
   * Returns what is wrong with the rules in some files and with what stands beside them.
   *
   * @param dialect whose rules they are; if nothing is given, each file's rules say so themselves
   * @param page the series of a scraped page; without one, series are made up
   * @param schema the configuration of the filter that writes the names
   * @throws dev.nametag.relabel.yaml.YamlException if a file is no YAML
   */
  public static LintReport run(
      List<LintInput> inputs,
      Optional<Dialect> dialect,
      Optional<PageSeries> page,
      Optional<Schema> schema) {
    Findings findings = new Findings();
    List<String> notes = new ArrayList<>();
    List<RuleList> lists = new ArrayList<>();
    List<RuleList> forVmagent = new ArrayList<>();
    Facts facts = new Facts();
    for (LintInput input : inputs) {
      List<YamlNode> documents = YamlReader.readNodes(input.file(), input.text());
      boolean vmagent = documents.stream().anyMatch(VmagentKeys::areIn);
      Dialect whose = dialect.orElse(vmagent ? Dialect.VMAGENT : Dialect.PROMETHEUS);
      RuleFinder finder = new RuleFinder(input.file(), whose, findings);
      for (int i = 0; i < documents.size(); i++) {
        String root = documents.size() == 1 ? "" : "documents[" + i + "]";
        (whose == Dialect.VMAGENT ? forVmagent : lists)
            .addAll(finder.lists(documents.get(i), root));
        facts.read(input.file(), root, documents.get(i));
      }
      if (whose == Dialect.VMAGENT) {
        notes.add(input.file() + ": rules of vmagent, for which some checks are not made");
      }
    }
    boolean known =
        !lists.isEmpty()
            || !forVmagent.isEmpty()
            || !facts.inclusionLists().isEmpty()
            || !facts.allowlists().isEmpty();
    if (!known) {
      notes.add(inputs.get(0).file() + ": no relabel rules in it");
    }
    page.filter(series -> !series.complete())
        .ifPresent(
            series -> notes.add("only " + series.series().size() + " series were looked at"));
    Subject subject = new Subject(List.copyOf(lists), facts, page.map(PageSeries::series), schema);
    Subject vmagent =
        new Subject(List.copyOf(forVmagent), facts, page.map(PageSeries::series), schema);
    String added = schema.isPresent() ? "what --config adds for this list" : "";
    String notMade = "never-matches for the rules behind" + (added.isEmpty() ? "" : ", " + added);
    noteRefused(lists, notMade, notes);
    noteRefused(forVmagent, added, notes);
    page.ifPresent(series -> count(subject, series.series(), notes));
    page.ifPresent(series -> count(vmagent, series.series(), notes));
    CHECKS.forEach(check -> check.run(subject, findings));
    VMAGENT_CHECKS.forEach(check -> check.run(vmagent, findings));
    return new LintReport(findings.all(), notes, known);
  }

  private static void noteRefused(List<RuleList> lists, String notMade, List<String> notes) {
    for (RuleList list : lists) {
      List<String> refused = list.refused().stream().map(LintRule::path).toList();
      if (!refused.isEmpty()) {
        notes.add(
            list.file()
                + ": the other rules were looked at as if there were no "
                + String.join(", ", refused)
                + (notMade.isEmpty() ? "" : "; not made: " + notMade));
      }
    }
  }

  private static void count(Subject subject, List<Labels> page, List<String> notes) {
    for (RuleList list : subject.metricLists()) {
      Relabeler relabeler = list.runnable().relabeler();
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
