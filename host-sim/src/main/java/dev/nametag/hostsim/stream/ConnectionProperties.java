package dev.nametag.hostsim.stream;

import static dev.nametag.hostsim.stream.RequestProperties.number;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code connection}, {@code source}, {@code destination}, {@code upstream} and {@code xds}
 * lead to.
 *
 * <p>Source: Envoy source/extensions/filters/common/expr/context.cc, ConnectionLookupValues,
 * UpstreamLookupValues, PeerWrapper and XDSLookupValues; for what stood alone before 1.33,
 * source/extensions/common/wasm/context.cc, Context::findValue. What came when: Envoy's changelogs
 * of 1.29 and 1.33.
 */
final class ConnectionProperties {

  /** What is there, and empty, when nothing is said about it. Source: SslExtractorsValues. */
  private static final Set<String> ALWAYS_WITH_TLS =
      Set.of("tls_version", "subject_local_certificate", "subject_peer_certificate");

  private final StreamInfo info;
  private final EnvoyVersion release;

  ConnectionProperties(StreamInfo info, EnvoyVersion release) {
    this.info = info;
    this.release = release;
  }

  Optional<PropertyValue> connection(ByteString name) {
    Connection connection = info.setup.connection();
    return switch (name.toString()) {
      case "id" -> Optional.of(new PropertyValue.Uint(connection.id()));
      case "mtls" ->
          Optional.of(
              new PropertyValue.Flag(
                  connection.tls().map(Connection.Tls::peerCertificatePresented).orElse(false)));
      case "requested_server_name" ->
          Optional.of(PropertyValue.text(connection.requestedServerName()));
      case "termination_details" -> connection.terminationDetails().map(PropertyValue::text);
      default -> tls(connection.tls(), name);
    };
  }

  Optional<PropertyValue> source(ByteString name) {
    return address(name, info.setup.connection().source());
  }

  Optional<PropertyValue> destination(ByteString name) {
    return address(name, info.setup.connection().destination());
  }

  Optional<PropertyValue> upstream(ByteString name) {
    return switch (name.toString()) {
      case "request_attempt_count" ->
          since(EnvoyVersion.V1_33)
              ? Optional.of(new PropertyValue.Uint(info.attempts))
              : Optional.empty();
      case "local_address" ->
          info.upstreamHost.map(host -> PropertyValue.text(host.localAddress()));
      case "transport_failure_reason" ->
          info.attempts == 0
              ? Optional.empty()
              : Optional.of(PropertyValue.text(info.transportFailure.orElse("")));
      case "address", "port" -> info.upstreamHost.flatMap(host -> address(name, host.address()));
      default -> tls(info.upstreamHost.flatMap(UpstreamHost::tls), name);
    };
  }

  Optional<PropertyValue> xds(ByteString name) {
    Listener listener = info.setup.listener();
    return switch (name.toString()) {
      case "route_name" -> info.route.map(route -> PropertyValue.text(route.name()));
      case "filter_chain_name" -> Optional.of(PropertyValue.text(listener.filterChainName()));
      case "virtual_host_name" ->
          since(EnvoyVersion.V1_33)
              ? info.route.map(route -> PropertyValue.text(listener.virtualHostName()))
              : Optional.empty();
      // The virtual hosts of the simulator have none.
      case "virtual_host_metadata" ->
          since(EnvoyVersion.V1_33)
              ? info.route.map(route -> Metadata.ofText(Map.of()))
              : Optional.empty();
      case "listener_direction", "listener_metadata" ->
          since(EnvoyVersion.V1_30) ? configured(name) : Optional.empty();
      default -> configured(name);
    };
  }

  /** What stood alone before 1.33; the name of the route was there, and empty, without a route. */
  Optional<PropertyValue> bare(ByteString name) {
    return name.toString().equals("route_name")
        ? Optional.of(PropertyValue.text(info.route.map(Route::name).orElse("")))
        : configured(name);
  }

  /** What leads to the same below {@code xds} and, before 1.33, alone. */
  private Optional<PropertyValue> configured(ByteString name) {
    Listener listener = info.setup.listener();
    return switch (name.toString()) {
      case "route_metadata" -> info.route.map(route -> Metadata.ofText(route.metadata()));
      case "cluster_name" -> cluster().map(cluster -> PropertyValue.text(cluster.name()));
      case "cluster_metadata" -> cluster().map(cluster -> Metadata.ofText(cluster.metadata()));
      case "upstream_host_metadata" -> info.upstreamHost.map(ConnectionProperties::metadata);
      case "listener_direction" -> number(listener.direction().number());
      case "listener_metadata" -> Optional.of(Metadata.ofText(listener.metadata()));
      default -> Optional.empty();
    };
  }

  /** A route that Envoy answers by itself leads to no cluster. */
  private Optional<Route.Cluster> cluster() {
    return info.route.filter(route -> route.directAnswer().isEmpty()).map(Route::cluster);
  }

  /** A host about which nothing is said has null; that it is that is derived from Envoy's code. */
  private static PropertyValue metadata(UpstreamHost host) {
    return host.metadata().isEmpty() ? new PropertyValue.Null() : Metadata.ofText(host.metadata());
  }

  private boolean since(EnvoyVersion other) {
    return release.atLeast(other);
  }

  private static Optional<PropertyValue> tls(Optional<Connection.Tls> tls, ByteString name) {
    String attribute = name.toString();
    return tls.map(
            known ->
                known
                    .attributes()
                    .getOrDefault(attribute, ALWAYS_WITH_TLS.contains(attribute) ? "" : null))
        .map(PropertyValue::text);
  }

  private static Optional<PropertyValue> address(ByteString name, String address) {
    return switch (name.toString()) {
      case "address" -> Optional.of(PropertyValue.text(address));
      case "port" -> number(Long.parseLong(address.substring(address.lastIndexOf(':') + 1)));
      default -> Optional.empty();
    };
  }
}
