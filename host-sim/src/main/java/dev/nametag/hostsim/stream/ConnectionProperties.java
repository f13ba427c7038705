package dev.nametag.hostsim.stream;

import static dev.nametag.hostsim.stream.RequestProperties.number;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.Optional;

/**
 * What {@code connection}, {@code source}, {@code destination}, {@code upstream} and {@code xds}
 * lead to.
 *
 * <p>Source: Envoy source/extensions/filters/common/expr/context.cc, ConnectionLookupValues,
 * UpstreamLookupValues, PeerWrapper and XDSLookupValues.
 */
final class ConnectionProperties {

  private final StreamInfo info;

  ConnectionProperties(StreamInfo info) {
    this.info = info;
  }

  Optional<PropertyValue> connection(ByteString name) {
    Connection connection = info.setup.connection();
    return switch (name.toString()) {
      case "id" -> number(connection.id());
      case "mtls" ->
          Optional.of(
              new PropertyValue.Flag(
                  connection.tls().map(Connection.Tls::peerCertificatePresented).orElse(false)));
      case "requested_server_name" ->
          Optional.of(PropertyValue.text(connection.requestedServerName()));
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
      case "request_attempt_count" -> info.attempts == 0 ? Optional.empty() : number(info.attempts);
      case "local_address" ->
          info.upstreamHost.map(host -> PropertyValue.text(host.localAddress()));
      case "transport_failure_reason" -> info.transportFailure.map(PropertyValue::text);
      case "address", "port" -> info.upstreamHost.flatMap(host -> address(name, host.address()));
      default -> tls(info.upstreamHost.flatMap(UpstreamHost::tls), name);
    };
  }

  Optional<PropertyValue> xds(ByteString name) {
    Listener listener = info.setup.listener();
    return switch (name.toString()) {
      case "route_name" -> info.route.map(route -> PropertyValue.text(route.name()));
      case "route_metadata" -> info.route.map(route -> Metadata.ofText(route.metadata()));
      case "virtual_host_name" ->
          info.route.map(route -> PropertyValue.text(listener.virtualHostName()));
      case "cluster_name" -> info.route.map(route -> PropertyValue.text(route.cluster().name()));
      case "cluster_metadata" ->
          info.route.map(route -> Metadata.ofText(route.cluster().metadata()));
      case "upstream_host_metadata" ->
          info.upstreamHost.map(host -> Metadata.ofText(host.metadata()));
      case "listener_direction" -> number(listener.direction().number());
      case "listener_metadata" -> Optional.of(Metadata.ofText(listener.metadata()));
      case "filter_chain_name" -> Optional.of(PropertyValue.text(listener.filterChainName()));
      default -> Optional.empty();
    };
  }

  private static Optional<PropertyValue> tls(Optional<Connection.Tls> tls, ByteString name) {
    return tls.map(known -> known.attributes().get(name.toString())).map(PropertyValue::text);
  }

  private static Optional<PropertyValue> address(ByteString name, String address) {
    return switch (name.toString()) {
      case "address" -> Optional.of(PropertyValue.text(address));
      case "port" -> number(Long.parseLong(address.substring(address.lastIndexOf(':') + 1)));
      default -> Optional.empty();
    };
  }
}
