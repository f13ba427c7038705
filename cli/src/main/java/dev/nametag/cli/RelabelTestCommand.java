package dev.nametag.cli;

import dev.nametag.naming.json.JsonWriter;
import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.unittest.JUnitReport;
import dev.nametag.relabel.unittest.RelabelTestException;
import dev.nametag.relabel.unittest.RelabelTestFile;
import dev.nametag.relabel.unittest.RelabelTestResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nametag relabel test}. */
@Command(
    name = "test",
    description = {
      "Runs unit tests for relabel rules: input series, and the series that must come of them.",
      "",
      "Ends with 1 if a test fails.",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RelabelTestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "YAML with rules (a list) or rules_file (a name), and tests: name, input, and expect or"
              + " dropped: true; - for stdin.")
  private List<String> files;

  @Option(names = "--dialect", paramLabel = "DIALECT", description = DialectOption.HELP)
  private Dialect dialect;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Also write JUnit XML to this file.")
  private String junit;

  @Option(
      names = "--json",
      description = "Print a list of objects: file, name, passed, difference.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    JUnitReport report = new JUnitReport();
    List<Object> objects = new ArrayList<>();
    int failed = 0;
    int count = 0;
    for (String file : files) {
      List<RelabelTestResult> results = read(file).run();
      report.add(Input.name(file), results);
      for (RelabelTestResult result : results) {
        count++;
        failed += result.passed() ? 0 : 1;
        if (json) {
          objects.add(object(Input.name(file), result));
        } else {
          String name = Input.name(file) + ": " + result.test().name();
          out.println((result.passed() ? "ok      " : "FAILED  ") + Printable.line(name));
          result.lines().forEach(line -> out.println("    " + Printable.line(line)));
        }
      }
    }
    out.println(json ? JsonWriter.writeIndented(objects) : count + " tests, " + failed + " failed");
    if (junit != null) {
      write(report.xml());
    }
    return failed == 0 ? 0 : 1;
  }

  private RelabelTestFile read(String file) {
    try {
      return RelabelTestFile.read(
          Input.name(file),
          Input.text(file),
          Optional.ofNullable(dialect),
          (from, name) -> rulesFile(file, name));
    } catch (RelabelTestException e) {
      throw new InputException(e.getMessage());
    }
  }

  private static RelabelTestFile.Named rulesFile(String file, String name) {
    try {
      String path =
          file.equals("-") ? name : Path.of(file).resolveSibling(Path.of(name)).toString();
      return new RelabelTestFile.Named(path, Input.text(path));
    } catch (InvalidPathException e) {
      throw new InputException(Input.name(file) + ": rules_file: no file name: " + e.getReason());
    }
  }

  private static Map<String, Object> object(String file, RelabelTestResult result) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("file", file);
    object.put("name", result.test().name());
    object.put("passed", result.passed());
    object.put("difference", result.lines());
    return object;
  }

  private void write(String xml) {
    try {
      Files.write(Path.of(junit), xml.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | InvalidPathException e) {
      throw new InputException(junit + ": cannot be written: " + e.getMessage());
    }
  }
}
