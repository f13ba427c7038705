package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.release.EnvoyVersion;

/**
 * What the configuration of Envoy says about the plugin and about the proxy itself.
 *
 * @param pluginConfiguration as the module reads it; empty for none
 * @param release which decides what properties are called
 */
public record PluginSettings(
    String name,
    String rootId,
    String vmId,
    ByteString pluginConfiguration,
    ByteString vmConfiguration,
    Node node,
    EnvoyVersion release) {

  /**
   * What stands in log lines between {@code wasm log} and the colon. Source: proxy-wasm-cpp-host
   * src/context.cc, PluginBase::makeLogPrefix.
   */
  public String logPrefix() {
    StringBuilder prefix = new StringBuilder();
    for (String part : new String[] {name, rootId, vmId}) {
      if (!part.isEmpty()) {
        prefix.append(' ').append(part);
      }
    }
    return prefix.toString();
  }
}
