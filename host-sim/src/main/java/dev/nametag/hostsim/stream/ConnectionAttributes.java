package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.vm.PluginContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What Envoy notes about a connection that carries no HTTP, and which properties lead to that: of a
 * stream's, those that need no route, no request and no response.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, Context::findValue and
 * getConstRequestStreamInfo; source/common/tcp_proxy/tcp_proxy.cc and
 * source/common/network/filter_manager_impl.cc for what is noted when.
 */
public final class ConnectionAttributes {

  private static final Set<String> OF_ROUTES =
      Set.of("route_name", "route_metadata", "virtual_host_name", "virtual_host_metadata");

  private final StreamInfo info;
  private final EnvoyVersion release;
  private final RequestProperties request;
  private final ResponseProperties response;
  private final ConnectionProperties connection;

  /** The attributes of a connection that has just come, as the module sees them in that context. */
  public ConnectionAttributes(
      Connection from, Listener listener, EnvoyVersion release, PluginContext context) {
    this.info =
        new StreamInfo(
            new StreamSetup(
                from,
                listener,
                FilterChain.OURS_ALONE,
                headers -> Optional.empty(),
                Map.of(),
                Map.of()));
    this.release = release;
    this.request = new RequestProperties(info, context);
    this.response = new ResponseProperties(info, context);
    this.connection = new ConnectionProperties(info, release);
  }

  /** Envoy has chosen a cluster. */
  public void chosen(Route.Cluster cluster) {
    info.route = Optional.of(Route.to(cluster));
  }

  /** Envoy has tried to connect to that host. */
  public void tried(UpstreamHost host) {
    info.attempts++;
    info.upstreamHost = Optional.of(host);
  }

  /** Something went wrong: a bit in {@code response.flags}. */
  public void flag(ResponseFlag flag) {
    info.flags |= flag.bit();
  }

  /** The filters are shown so many bytes of the client, those that they held with them. */
  public void received(int bytes) {
    info.bytesReceived += bytes;
  }

  /** So many bytes of upstream have passed the filters. */
  public void sent(int bytes) {
    info.bytesSent += bytes;
  }

  /** Stores filter state under that very key. */
  public void setFilterState(ByteString key, PropertyValue value) {
    info.filterState.put(key, value);
  }

  /** The value that a property path begins with, but for {@code xds}. */
  public Optional<PropertyValue> find(ByteString firstSegment) {
    return switch (firstSegment.toString()) {
      // A connection speaks no protocol that Envoy knows of.
      case "request" ->
          branch(
              name -> name.toString().equals("protocol") ? Optional.empty() : request.find(name));
      case "response" -> branch(response::find);
      case "connection" -> branch(connection::connection);
      case "source" -> branch(connection::source);
      case "destination" -> branch(connection::destination);
      case "upstream" -> branch(connection::upstream);
      case "connection_id" -> connection.connection(ByteString.utf8("id"));
      case "metadata" -> Optional.of(Metadata.property(info.dynamicMetadata()));
      case "filter_state" -> branch(this::celState);
      case "upstream_filter_state" -> branch(name -> Optional.empty());
      default -> Optional.empty();
    };
  }

  /** What {@code xds} leads to. */
  public Optional<PropertyValue> xds(ByteString name) {
    return OF_ROUTES.contains(name.toString()) ? Optional.empty() : connection.xds(name);
  }

  /** What stands alone: what did before 1.33, and what Wasm modules have set. */
  public Optional<PropertyValue> alone(ByteString name) {
    Optional<PropertyValue> formerly =
        release.atLeast(EnvoyVersion.V1_33) || name.toString().equals("route_metadata")
            ? Optional.empty()
            : connection.bare(name);
    return formerly.or(() -> celState(ByteString.utf8("wasm.").concat(name)));
  }

  private Optional<PropertyValue> celState(ByteString key) {
    return Optional.ofNullable(info.filterState.get(key));
  }

  private static Optional<PropertyValue> branch(
      Function<ByteString, Optional<PropertyValue>> child) {
    return Optional.of(new PropertyValue.Branch(child, WasmResult.SERIALIZATION_FAILURE));
  }
}
