package dev.nametag.cli;

import dev.nametag.manifests.WasmPluginTarget;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nametag manifests}. */
@Command(
    name = "manifests",
    description = "Prints the manifests that install the filter.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ManifestsCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** What is installed. */
  enum Target {
    /** An Istio WasmPlugin. */
    WASMPLUGIN
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The filter's configuration; - for stdin. Without it: the empty one.")
  private String config;

  @Option(names = "--target", required = true, description = "wasmplugin: for Istio.")
  private Target target;

  @Option(
      names = "--url",
      required = true,
      description = "Where the proxy fetches nametag.wasm: oci://, https:// or file://.")
  private String url;

  @Option(
      names = "--sha256",
      description = "Of the module, or of the image; the proxy refuses any other.",
      defaultValue = "")
  private String sha256;

  @Option(
      names = "--name",
      description = "Name of the resource (${DEFAULT-VALUE}).",
      defaultValue = "nametag")
  private String name;

  @Option(
      names = "--namespace",
      description = "Where the proxies are (${DEFAULT-VALUE}).",
      defaultValue = "istio-system")
  private String namespace;

  @Option(
      names = "--selector",
      paramLabel = "LABEL=VALUE",
      description = "A label of the proxies' pods; may be repeated (istio=ingressgateway).")
  private Map<String, String> selector;

  @Option(
      names = "--strict",
      description =
          "Let the proxy refuse a wrong configuration. Without it the filter then counts nothing,"
              + " says so in the metric nametag_config_rejected, and lets everything pass.")
  private boolean strict;

  @Override
  public void run() {
    WasmPluginTarget plugin;
    try {
      plugin =
          new WasmPluginTarget(
              name,
              namespace,
              selector == null ? Map.of("istio", "ingressgateway") : selector,
              url,
              sha256,
              strict);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
    }
    String yaml =
        switch (target) {
          case WASMPLUGIN -> plugin.yaml(Input.configuration(config));
        };
    spec.commandLine().getOut().print(yaml);
  }
}
