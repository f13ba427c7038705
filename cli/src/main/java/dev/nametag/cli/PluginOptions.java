package dev.nametag.cli;

import dev.nametag.hostsim.SimulatedEnvoy;
import picocli.CommandLine.Option;

/** What the configuration of Envoy says about the plugin, apart from its configuration. */
final class PluginOptions {
  @Option(
      names = "--plugin-name",
      paramLabel = "NAME",
      defaultValue = "nametag",
      description = "The plugin's name (${DEFAULT-VALUE}).")
  private String pluginName;

  @Option(
      names = "--root-id",
      paramLabel = "ID",
      defaultValue = "nametag",
      description = "The plugin's root id (${DEFAULT-VALUE}).")
  private String rootId;

  @Option(
      names = "--vm-id",
      paramLabel = "ID",
      defaultValue = "",
      description = "The id of the VM; none if left out.")
  private String vmId;

  @Option(
      names = "--vm-config",
      paramLabel = "FILE",
      description = "The VM's configuration, whose bytes go to the module as they are.")
  private String vmConfiguration;

  void configure(SimulatedEnvoy.Builder builder) {
    builder.pluginName(pluginName).rootId(rootId).vmId(vmId);
    if (vmConfiguration != null) {
      builder.vmConfiguration(Input.bytes(vmConfiguration));
    }
  }
}
