package dev.nametag.hostsim;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.vm.FailurePolicy;
import dev.nametag.hostsim.vm.Node;
import dev.nametag.hostsim.vm.PluginSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an Envoy is started with that concerns the module: where it comes from, its plugins, what it
 * is told, what it may do, and what becomes of it when it fails.
 */
public abstract sealed class GuestSettings permits HostSettings {

  byte[] module = new byte[0];
  String pluginName = "";
  String rootId = "";
  String vmId = "";
  ByteString pluginConfiguration = ByteString.EMPTY;
  private final List<More> more = new ArrayList<>();
  ByteString vmConfiguration = ByteString.EMPTY;
  Map<String, String> environment = Map.of();
  String nodeId = "";
  String nodeCluster = "";
  PropertyValue nodeMetadata = PropertyValue.ofStruct(Map.of());
  FailurePolicy failurePolicy = FailurePolicy.FAIL_CLOSED;
  EngineKind engine = EngineKind.COMPILER;
  Optional<EnvoyVersion> envoyVersion = Optional.empty();
  Set<String> capabilities = Set.of();
  Duration deadline = Duration.ZERO;
  int maxMemoryPages = 16_384;
  Duration reloadBackoff = Duration.ofSeconds(1);

  /** Sets the module; must be called. */
  public final SimulatedEnvoy.Builder module(byte[] wasm) {
    module = wasm.clone();
    return self();
  }

  /** Sets what {@code plugin_name} leads to. */
  public final SimulatedEnvoy.Builder pluginName(String name) {
    pluginName = name;
    return self();
  }

  /** Sets what {@code plugin_root_id} leads to. */
  public final SimulatedEnvoy.Builder rootId(String id) {
    rootId = id;
    return self();
  }

  /** Sets what {@code plugin_vm_id} leads to. */
  public final SimulatedEnvoy.Builder vmId(String id) {
    vmId = id;
    return self();
  }

  /** Sets the plugin configuration, as the module reads it. */
  public final SimulatedEnvoy.Builder pluginConfiguration(byte[] configuration) {
    pluginConfiguration = ByteString.of(configuration);
    return self();
  }

  /**
   * Adds another plugin with the same module, vm_id and VM configuration, so that it shares the VMs
   * of the first; {@link SimulatedEnvoy#plugin} runs streams through it.
   *
   * @param name which no other plugin has
   * @param configuration as the module reads it
   */
  public final SimulatedEnvoy.Builder anotherPlugin(
      String name, String rootId, byte[] configuration) {
    more.add(new More(name, rootId, ByteString.of(configuration)));
    return self();
  }

  /** Sets the VM configuration, as the module reads it. */
  public final SimulatedEnvoy.Builder vmConfiguration(byte[] configuration) {
    vmConfiguration = ByteString.of(configuration);
    return self();
  }

  /** Sets the environment variables of the module. */
  public final SimulatedEnvoy.Builder environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return self();
  }

  /** Sets what {@code xds.node.id} and {@code xds.node.cluster} lead to; at first, both empty. */
  public final SimulatedEnvoy.Builder node(String id, String cluster) {
    nodeId = id;
    nodeCluster = cluster;
    return self();
  }

  /** Sets what {@code xds.node.metadata} leads to: what {@link PropertyValue#ofStruct} takes. */
  public final SimulatedEnvoy.Builder nodeMetadata(Map<String, Object> metadata) {
    nodeMetadata = PropertyValue.ofStruct(metadata);
    return self();
  }

  /** Sets what happens after a trap. */
  public final SimulatedEnvoy.Builder failurePolicy(FailurePolicy policy) {
    failurePolicy = policy;
    return self();
  }

  /** Sets how the module is executed. */
  public final SimulatedEnvoy.Builder engine(EngineKind kind) {
    engine = kind;
    return self();
  }

  /**
   * Sets the release of Envoy, for modules and for pages; at first, the latest. A module that shall
   * run in older ones is tested in the oldest of them, too.
   */
  public final SimulatedEnvoy.Builder envoyVersion(EnvoyVersion version) {
    envoyVersion = Optional.of(version);
    return self();
  }

  /**
   * Sets the only functions, by name, that do what they should, as capability_restriction_config
   * does; at first all do. Others answer INTERNAL_FAILURE, those of WASI ENOTCAPABLE; callbacks of
   * the module that are not named are not called.
   */
  public final SimulatedEnvoy.Builder capabilities(Set<String> functions) {
    capabilities = Set.copyOf(functions);
    return self();
  }

  /** Sets how long a call into the module may take before it is made to trap; zero for ever. */
  public final SimulatedEnvoy.Builder deadline(Duration limit) {
    deadline = limit;
    return self();
  }

  /** Sets how many pages of 64 KiB the memory of a VM may have; at first 1 GiB, as in Envoy. */
  public final SimulatedEnvoy.Builder maxMemoryPages(int pages) {
    maxMemoryPages = pages;
    return self();
  }

  /**
   * Sets how long after it was last loaded a VM can be loaded again under FAIL_RELOAD; at first a
   * second. Envoy adds up to half of that by chance.
   */
  public final SimulatedEnvoy.Builder reloadBackoff(Duration backoff) {
    reloadBackoff = backoff;
    return self();
  }

  /** A plugin beside the first. */
  private record More(String name, String rootId, ByteString configuration) {}

  abstract SimulatedEnvoy.Builder self();

  final EnvoyVersion release() {
    return envoyVersion.orElse(EnvoyVersion.LATEST);
  }

  /** All plugins, the first one first. */
  final List<PluginSettings> plugins() {
    List<More> all = new ArrayList<>(more);
    all.add(0, new More(pluginName, rootId, pluginConfiguration));
    if (all.stream().map(More::name).distinct().count() < all.size()) {
      throw new IllegalArgumentException("two plugins have the same name");
    }
    return all.stream().map(one -> plugin(one.name, one.rootId, one.configuration)).toList();
  }

  /** A plugin with what is set so far for all. */
  final PluginSettings plugin(String name, String root, ByteString configuration) {
    return new PluginSettings(
        name,
        root,
        vmId,
        configuration,
        vmConfiguration,
        new Node(nodeId, nodeCluster, nodeMetadata),
        release());
  }
}
