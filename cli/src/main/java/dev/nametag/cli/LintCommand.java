package dev.nametag.cli;

import dev.nametag.naming.Schema;
import dev.nametag.naming.json.JsonWriter;
import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.lint.Finding;
import dev.nametag.relabel.lint.Lint;
import dev.nametag.relabel.lint.LintInput;
import dev.nametag.relabel.lint.LintReport;
import dev.nametag.relabel.lint.PageSeries;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nametag relabel lint}. */
@Command(
    name = "lint",
    description = {
      "Finds faults in relabel rules: series that they merge, labels that they lose, rules that"
          + " cannot work. Each finding comes with a series that shows it and with what to write"
          + " instead.",
      "",
      "Ends with 1 if there are findings.",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class LintCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--rules",
      required = true,
      paramLabel = "FILE",
      description =
          "Any YAML with rules; may be repeated. Recording rules, an EnvoyProxy and the values of"
              + " kube-state-metrics are looked at too, as far as rules depend on them.")
  private List<String> rules;

  @Option(names = "--dialect", paramLabel = "DIALECT", description = DialectOption.HELP)
  private Dialect dialect;

  @Option(
      names = "--page",
      paramLabel = "PAGE",
      description = "A scraped page to try the rules on; - for stdin. Without it: made-up series.")
  private String page;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of the filter whose names the rules take apart.")
  private String config;

  @Option(
      names = "--json",
      description = "Print a list of objects: id, file, rule, path, reason, example, instead.")
  private boolean json;

  @Override
  public Integer call() {
    List<LintInput> inputs =
        rules.stream().map(file -> new LintInput(Input.name(file), Input.text(file))).toList();
    Optional<Schema> schema =
        Optional.ofNullable(config).map(file -> Input.configuration(file).schema());
    LintReport report =
        Lint.run(
            inputs,
            Optional.ofNullable(dialect),
            Optional.ofNullable(page).map(LintCommand::read),
            schema);
    PrintWriter err = spec.commandLine().getErr();
    report.notes().forEach(err::println);
    err.flush();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonWriter.writeIndented(report.findings().stream().map(Finding::json).toList()));
    } else {
      report.findings().forEach(finding -> out.println(finding.text()));
      int count = report.findings().size();
      out.println(count + (count == 1 ? " finding" : " findings"));
    }
    // A file without rules is not a clean one, but probably the wrong one.
    return report.findings().isEmpty() && report.foundRules() ? 0 : 1;
  }

  /** Returns the series of a page. */
  static PageSeries read(String file) {
    try (InputStream in = Input.open(file)) {
      return PageSeries.read(new ExpositionReader(in, Input.name(file)));
    } catch (IOException e) {
      throw Input.refused(file, e);
    }
  }
}
