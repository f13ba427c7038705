package dev.nametag.cli;

import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelRulesReader;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.ExpositionWriter;
import dev.nametag.relabel.exposition.MemoryBound;
import dev.nametag.relabel.exposition.PageTooLargeException;
import dev.nametag.relabel.exposition.RelabelledPage;
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

/** {@code nametag relabel}. */
@Command(
    name = "relabel",
    description = "Generates and runs the rules that turn names back into labels.",
    mixinStandardHelpOptions = true,
    subcommands = {
      GenerateCommand.class,
      ExplainCommand.class,
      LintCommand.class,
      RelabelTestCommand.class,
    })
final class RelabelCommand implements Runnable {
  /** The page before the rules, after them, and what is said of it. */
  private static final int PART_OF_HEAP = 3;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected a command: generate, apply, explain, lint or test");
  }

  @Command(
      name = "apply",
      description = {
        "Runs relabel rules on a page of metrics and prints the page that results.",
        "",
        "Series that end up with the same labels are reported on stderr: Prometheus keeps the first"
            + " of them and drops the others.",
      },
      mixinStandardHelpOptions = true)
  int apply(
      @Option(
              names = "--rules",
              required = true,
              paramLabel = "FILE",
              description =
                  "Rules: a bare list, a prometheus.yml, or a ServiceMonitor, PodMonitor,"
                      + " ScrapeConfig or VMServiceScrape.")
          String rulesFile,
      @Option(names = "--dialect", paramLabel = "DIALECT", description = DialectOption.HELP)
          Dialect dialect,
      @Parameters(
              arity = "0..1",
              paramLabel = "PAGE",
              defaultValue = "-",
              description = "A page in the Prometheus text format; stdin if none is named.")
          String page)
      throws IOException {
    RelabelRules rules =
        RelabelRulesReader.read(
            Input.name(rulesFile), Input.text(rulesFile), Optional.ofNullable(dialect));
    RelabelledPage result = read(page, rules);
    PrintWriter out = spec.commandLine().getOut();
    result.lines().forEach(line -> out.print(ExpositionWriter.toText(List.of(line))));
    PrintWriter err = spec.commandLine().getErr();
    for (RelabelledPage.Duplicate duplicate : result.duplicates()) {
      err.println(
          Input.name(page)
              + ": "
              + duplicate.raw()
              + ": has the same labels as "
              + duplicate.firstRaw()
              + "; Prometheus drops it");
    }
    for (RelabelledPage.Refused refused : result.refused()) {
      err.println(Input.name(page) + ": " + refused.raw() + ": " + refused.reason());
    }
    err.flush();
    return 0;
  }

  private static RelabelledPage read(String page, RelabelRules rules) throws IOException {
    try (InputStream in = Input.open(page)) {
      ExpositionReader reader = new ExpositionReader(in, Input.name(page));
      try {
        return RelabelledPage.of(reader, rules, MemoryBound.partOfHeap(PART_OF_HEAP));
      } catch (PageTooLargeException e) {
        throw new InputException(
            "%s: line %d: %s; give Java more memory (JAVA_TOOL_OPTIONS=-Xmx8g) or apply the rules to"
                    .formatted(Input.name(page), reader.lineNumber(), e.getMessage())
                + " parts of the page");
      }
    }
  }
}
