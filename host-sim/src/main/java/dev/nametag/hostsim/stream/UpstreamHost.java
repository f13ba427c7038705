package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.Map;
import java.util.Optional;

/**
 * The host that a request went to.
 *
 * @param address {@code ip:port}
 * @param localAddress Envoy's own end of that connection, {@code ip:port}
 * @param metadata by namespace, what {@code xds.upstream_host_metadata} leads to
 */
public record UpstreamHost(
    String address,
    String localAddress,
    Optional<Connection.Tls> tls,
    Map<String, PropertyValue> metadata) {

  /** Copies. */
  public UpstreamHost {
    metadata = Map.copyOf(metadata);
  }

  /** A host without TLS and metadata. */
  public static UpstreamHost at(String address) {
    return new UpstreamHost(address, "10.0.0.1:40000", Optional.empty(), Map.of());
  }
}
