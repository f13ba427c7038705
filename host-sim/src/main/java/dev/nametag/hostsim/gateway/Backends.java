package dev.nametag.hostsim.gateway;

import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;

/** Makes what answers for clusters in one loop. */
final class Backends {

  private Backends() {}

  /** By the names of the clusters; none for a cluster that cannot be used. */
  static Map<String, Backend> of(Map<String, ClusterSettings> clusters, EventLoop loop, Json json) {
    Map<String, Backend> backends = new HashMap<>();
    clusters.forEach(
        (name, cluster) -> {
          if (cluster instanceof ClusterSettings.Server server) {
            backends.put(name, new ServerBackend(server, loop));
          } else if (cluster instanceof ClusterSettings.Echo echo) {
            backends.put(
                name,
                new BuiltInBackend(
                    (attempt, headers) -> new EchoCall(loop, attempt, headers, echo, json)));
          } else if (cluster instanceof ClusterSettings.LanguageModel model) {
            backends.put(
                name,
                new BuiltInBackend(
                    (attempt, headers) ->
                        new LanguageModelCall(loop, attempt, headers, model, json)));
          }
        });
    return backends;
  }
}
