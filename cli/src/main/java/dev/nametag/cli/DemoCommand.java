package dev.nametag.cli;

import dev.nametag.cli.demo.Demo;
import dev.nametag.cli.demo.DemoReport;
import dev.nametag.cli.demo.Stop;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.vm.ConfigurationRejectedException;
import dev.nametag.naming.Profile;
import dev.nametag.naming.json.JsonWriter;
import dev.nametag.plugin.NametagModule;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nametag demo}. */
@Command(
    name = "demo",
    description = {
      "Plays the whole story in one process: calls pass through the filter, compiled to"
          + " WebAssembly, in a simulated Envoy; their identities show up on its page of metrics;"
          + " generated rules turn them into labels.",
      "",
      "The run stops three times and shows what is there. Everything shown comes from the run.",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DemoCommand implements Runnable {
  private static final List<Profile> PROFILES = List.of(Profile.CHARGEBACK, Profile.LOSSLESS);

  @Spec private CommandSpec spec;

  @Option(
      names = "--profile",
      paramLabel = "chargeback|lossless",
      description =
          "How names are written: chargeback, as in the demo this project comes from, or lossless."
              + " Without it: first the one, then the other.")
  private Profile profile;

  @Option(
      names = "--json",
      description = "Print a list of objects, one a stop: profile, stop, page, rules, series.")
  private boolean json;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      description =
          "Where the simulated Envoy serves its metrics while the demo runs (${DEFAULT-VALUE};"
              + " port 0 is any free one).")
  private String admin;

  @Option(
      names = "--module",
      paramLabel = "FILE",
      description = "Another build of nametag.wasm. Without it: the one inside this program.")
  private String module;

  @Override
  public void run() {
    if (profile != null && !PROFILES.contains(profile)) {
      throw new ParameterException(
          spec.commandLine(), "--profile: the demo plays chargeback and lossless");
    }
    InetSocketAddress address = HostPort.parse("--admin", admin, spec);
    byte[] wasm = module == null ? NametagModule.bytes() : Input.bytes(module);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<Object> objects = new ArrayList<>();
    for (Profile each : profile == null ? PROFILES : List.of(profile)) {
      err.println(each.text() + ": starting the filter in a simulated Envoy");
      try (Demo demo = new Demo(each, wasm, address)) {
        DemoReport report = new DemoReport(demo);
        while (demo.hasNext()) {
          Stop stop = demo.next();
          if (json) {
            objects.add(report.json(stop));
          } else {
            out.print(report.text(stop));
            out.flush();
          }
        }
      } catch (BindException e) {
        throw new InputException(admin + ": cannot listen: " + e.getMessage());
      } catch (IOException e) {
        throw new InputException(admin + ": " + e.getMessage());
      } catch (Demo.FilterFailedException
          | ModuleLoadException
          | ConfigurationRejectedException e) {
        String file = module == null ? "nametag.wasm" : module;
        throw new InputException(file + ": " + e.getMessage());
      }
    }
    if (json) {
      out.println(JsonWriter.writeIndented(objects));
    }
  }
}
