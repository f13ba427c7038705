package dev.nametag.cli;

import dev.nametag.cli.gateway.GatewayFileException;
import dev.nametag.manifests.ConfigurationException;
import dev.nametag.relabel.engine.RelabelFileException;
import dev.nametag.relabel.exposition.ExpositionException;
import dev.nametag.relabel.yaml.YamlException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The front door. */
@Command(
    name = "nametag",
    description = {
      "Identity labels for Envoy's metrics.",
      "",
      "Start with: nametag demo",
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:the input is refused, or a check failed",
      "2:wrong usage",
    },
    subcommands = {
      DemoCommand.class,
      GatewayCommand.class,
      ConfigCommand.class,
      RelabelCommand.class,
      ManifestsCommand.class,
      IdentityCommand.class,
      AutoComplete.GenerateCompletion.class,
      CommandLine.HelpCommand.class,
    })
public final class Nametag implements Runnable {
  private static final int REFUSED = 1;

  @Spec private CommandSpec spec;

  /** Runs the command and ends the JVM with its exit status. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = run(out, err, args);
    if (out.checkError()) {
      err.println("stdout: cannot be written");
      status = Math.max(status, REFUSED);
    }
    System.exit(status);
  }

  /** Runs the command and returns its exit status. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commandLine = new CommandLine(new Nametag());
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setParameterExceptionHandler(Nametag::misused);
    commandLine.setExecutionExceptionHandler(Nametag::refuse);
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      // The bounds on input are meant to prevent it; rules can still ask for any amount of work.
      err.println(
          "nametag: more than the %d MiB that Java may take; JAVA_TOOL_OPTIONS=-Xmx8g allows more"
              .formatted(Runtime.getRuntime().maxMemory() >> 20));
      err.flush();
      return REFUSED;
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }

  /** Wrong usage ends in what is wrong, and in where the help is; not in the help itself. */
  private static int misused(ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println(Printable.text(e.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try: " + commandLine.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return commandLine.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** Bad input ends in a message; only a fault of ours ends in a stack trace. */
  private static int refuse(Exception e, CommandLine commandLine, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof InputException
        || e instanceof ConfigurationException
        || e instanceof GatewayFileException
        || e instanceof RelabelFileException
        || e instanceof ExpositionException
        || e instanceof YamlException) {
      commandLine.getErr().println(Printable.text(e.getMessage()));
      commandLine.getErr().flush();
      return REFUSED;
    }
    throw e;
  }
}
