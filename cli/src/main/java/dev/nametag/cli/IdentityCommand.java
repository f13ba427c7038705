package dev.nametag.cli;

import dev.nametag.naming.Pseudonym;
import dev.nametag.naming.json.JsonWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nametag identity}. */
@Command(
    name = "identity",
    description = {
      "Prints the pseudonyms of names, or finds whose a pseudonym is.",
      "",
      "A label with pseudonym: true shows a keyed hash instead of the caller's name. Whoever has the"
          + " key can find a person again among names that he knows, offline; nobody else can.",
      "",
      "Example: who is it, according to the list of employees?",
      "  NAMETAG_PSEUDONYM_KEY=… nametag identity --names employees.txt --find"
          + " 5f0a3c51d2e34a6f8b7c9d0e1f2a3b4c",
    },
    mixinStandardHelpOptions = true)
final class IdentityCommand implements Callable<Integer> {
  /** The variable of the VM's environment from which the filter takes the key, too. */
  static final String KEY_VARIABLE = "NAMETAG_PSEUDONYM_KEY";

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Names, exactly as authentication gives them.")
  private List<String> arguments = List.of();

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description = "A file with one name a line; - for stdin.")
  private String namesFile;

  @Option(
      names = "--find",
      paramLabel = "PSEUDONYM",
      description =
          "Print only names with this pseudonym; can be repeated. Exit status 1 if one is not"
              + " found.")
  private List<String> wanted = List.of();

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "The key, without a line feed at the end; by default the environment variable "
              + KEY_VARIABLE
              + ". Never an argument: others can see those.")
  private String keyFile;

  @Option(names = "--json", description = "Print a list of objects: name, pseudonym.")
  private boolean json;

  @Override
  public Integer call() {
    Set<String> names = new LinkedHashSet<>(arguments);
    if (namesFile != null) {
      names.addAll(Input.text(namesFile).lines().filter(line -> !line.isEmpty()).toList());
    }
    if (names.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "expected names, or --names FILE");
    }
    Pseudonym pseudonym = pseudonym();
    List<Object> objects = new ArrayList<>();
    Set<String> missing = new LinkedHashSet<>(wanted);
    PrintWriter out = spec.commandLine().getOut();
    for (String name : names) {
      String text = pseudonym.of(name.getBytes(StandardCharsets.UTF_8));
      missing.remove(text);
      if (!wanted.isEmpty() && !wanted.contains(text)) {
        continue;
      }
      if (json) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", name);
        object.put("pseudonym", text);
        objects.add(object);
      } else {
        out.println(text + "  " + name);
      }
    }
    if (json) {
      out.println(JsonWriter.writeIndented(objects));
    }
    missing.forEach(
        each ->
            spec.commandLine()
                .getErr()
                .println(each + ": not the pseudonym of any of " + names.size() + " names"));
    return missing.isEmpty() ? 0 : 1;
  }

  private Pseudonym pseudonym() {
    byte[] key;
    String where;
    if (keyFile != null) {
      key = Input.bytes(keyFile);
      where = Input.name(keyFile);
    } else {
      String variable = System.getenv(KEY_VARIABLE);
      if (variable == null) {
        throw new ParameterException(
            spec.commandLine(), "no key: set " + KEY_VARIABLE + " or use --key-file");
      }
      key = variable.getBytes(StandardCharsets.UTF_8);
      where = KEY_VARIABLE;
    }
    try {
      return new Pseudonym(key);
    } catch (IllegalArgumentException e) {
      throw new InputException(where + ": " + e.getMessage());
    }
  }
}
