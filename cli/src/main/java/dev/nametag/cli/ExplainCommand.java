package dev.nametag.cli;

import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelRulesReader;
import dev.nametag.relabel.explain.Explanation;
import dev.nametag.relabel.explain.ExplanationReport;
import dev.nametag.relabel.explain.InvalidSeriesException;
import dev.nametag.relabel.explain.SeriesLines;
import dev.nametag.relabel.explain.SeriesText;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nametag relabel explain}. */
@Command(
    name = "explain",
    description = "Says what each rule saw in a series, whether it matched, and what it changed.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExplainCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--rules",
      required = true,
      paramLabel = "FILE",
      description =
          "Rules: a bare list, a prometheus.yml, or a ServiceMonitor, PodMonitor, ScrapeConfig or"
              + " VMServiceScrape.")
  private String rulesFile;

  @Option(names = "--dialect", paramLabel = "DIALECT", description = DialectOption.HELP)
  private Dialect dialect;

  @Parameters(
      arity = "1..*",
      paramLabel = "SERIES",
      description = "As on a page: calls{pod=\"x\"}, or a bare name; - for lines of stdin.")
  private List<String> series;

  @Option(names = "--json", description = "Print a list of objects, one a step.")
  private boolean json;

  @Option(
      names = "--html",
      description = "Print a page for a browser; everything is inside the page.")
  private boolean html;

  @Override
  public void run() {
    if (json && html) {
      throw new ParameterException(spec.commandLine(), "either --json or --html");
    }
    List<RelabelRulesReader.FoundRules> found =
        RelabelRulesReader.readAll(
            Input.name(rulesFile), Input.text(rulesFile), Optional.ofNullable(dialect));
    RelabelRules rules = found.get(0).rules();
    if (!found.stream().allMatch(list -> list.rules().equals(rules))) {
      String paths =
          String.join(", ", found.stream().map(RelabelRulesReader.FoundRules::path).toList());
      throw new InputException(
          Input.name(rulesFile) + ": several different lists of metric relabel rules: " + paths);
    }
    PrintWriter out = spec.commandLine().getOut();
    ExplanationReport report =
        json
            ? ExplanationReport.json(out, found.get(0).path())
            : html
                ? ExplanationReport.html(out, Input.name(rulesFile))
                : ExplanationReport.text(out);
    for (String each : series) {
      if (each.equals("-")) {
        explainStdin(rules, report);
      } else {
        report.add(Explanation.of(rules, parse("SERIES", each)));
      }
    }
    report.end();
  }

  private static void explainStdin(RelabelRules rules, ExplanationReport report) {
    try (InputStream in = Input.open("-")) {
      SeriesLines lines = new SeriesLines(in);
      try {
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
          report.add(Explanation.of(rules, parse("stdin: line " + lines.lineNumber(), line.get())));
        }
      } catch (InvalidSeriesException e) {
        throw new InputException("stdin: line " + lines.lineNumber() + ": " + e.getMessage());
      }
    } catch (IOException e) {
      throw Input.refused("stdin", e);
    }
  }

  private static Labels parse(String where, String text) {
    try {
      return SeriesText.parse(text);
    } catch (InvalidSeriesException e) {
      throw new InputException(where + ": " + e.getMessage());
    }
  }
}
