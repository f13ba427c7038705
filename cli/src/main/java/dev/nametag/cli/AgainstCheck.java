package dev.nametag.cli;

import dev.nametag.naming.Schema;
import dev.nametag.naming.json.JsonWriter;
import dev.nametag.relabel.generate.UnsupportedSchemaException;
import dev.nametag.relabel.lint.Against;
import dev.nametag.relabel.lint.PageSeries;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** {@code config check --against}: a configuration and the page that it should have written. */
final class AgainstCheck {
  private AgainstCheck() {}

  /** Prints what differs and returns the exit status. */
  static int run(String file, String page, Schema schema, boolean json, CommandLine commandLine) {
    if (file.equals("-") && page.equals("-")) {
      throw new CommandLine.ParameterException(
          commandLine, "stdin can be the configuration or the page, not both");
    }
    Against result = compare(file, schema, LintCommand.read(page));
    PrintWriter err = commandLine.getErr();
    String name = Input.name(page);
    result.notes().forEach(note -> err.println(name + ": " + note));
    err.flush();
    PrintWriter out = commandLine.getOut();
    if (json) {
      List<Object> objects = new ArrayList<>();
      result.problems().forEach(reason -> objects.add(Map.of("file", name, "reason", reason)));
      out.println(JsonWriter.writeIndented(objects));
    } else {
      result.problems().forEach(problem -> out.println(name + ": " + problem));
      if (result.problems().isEmpty()) {
        out.println(name + ": ok: nothing that " + Input.name(file) + " cannot have written");
      }
    }
    return result.problems().isEmpty() ? 0 : 1;
  }

  private static Against compare(String file, Schema schema, PageSeries page) {
    try {
      return Against.of(schema, page);
    } catch (UnsupportedSchemaException e) {
      throw new InputException(Input.name(file) + ": " + e.getMessage());
    }
  }
}
