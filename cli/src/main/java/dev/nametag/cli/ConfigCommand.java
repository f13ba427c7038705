package dev.nametag.cli;

import dev.nametag.manifests.Configuration;
import dev.nametag.manifests.ConfigurationException;
import dev.nametag.naming.Problem;
import dev.nametag.naming.Schema;
import dev.nametag.naming.json.JsonWriter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nametag config}. */
@Command(
    name = "config",
    description = "Works on configurations of the filter.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command: check");
  }

  @Command(
      name = "check",
      description = {
        "Says whether the filter accepts a configuration, and what is wrong with it if not.",
        "",
        "The words are those that the filter logs.",
      },
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(
              paramLabel = "FILE",
              description =
                  "YAML or JSON: the configuration itself, or a WasmPlugin, TrafficExtension or"
                      + " EnvoyExtensionPolicy that contains one; - for stdin.")
          String file,
      @Option(
              names = "--json",
              description = "Print what is wrong as a list of objects: file, field, reason.")
          boolean json,
      @Option(
              names = "--against",
              paramLabel = "PAGE",
              description =
                  "Also compare with a scraped page: series of these metrics that this configuration"
                      + " cannot have written, and label sets that collide.")
          String page) {
    PrintWriter out = spec.commandLine().getOut();
    Configuration configuration;
    try {
      configuration = Input.configuration(file);
    } catch (ConfigurationException e) {
      if (!json) {
        throw e;
      }
      out.println(JsonWriter.writeIndented(objects(e)));
      return 1;
    }
    Schema schema = configuration.schema();
    if (page != null) {
      return AgainstCheck.run(file, page, schema, json, spec.commandLine());
    }
    out.println(
        json
            ? "[]"
            : "%s: ok: naming %s, %d labels, %d metrics"
                .formatted(
                    Input.name(file),
                    schema.naming().text(),
                    schema.labels().size(),
                    schema.metrics().size()));
    return 0;
  }

  private static List<Object> objects(ConfigurationException e) {
    List<Object> objects = new ArrayList<>();
    for (Problem problem : e.problems()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("file", e.file());
      object.put("field", problem.field());
      object.put("reason", problem.reason());
      objects.add(object);
    }
    return objects;
  }
}
