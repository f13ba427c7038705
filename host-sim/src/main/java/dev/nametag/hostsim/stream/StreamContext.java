package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.LocalResponse;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.hostcall.StreamType;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.vm.PluginContext;
import dev.nametag.hostsim.vm.PluginRoot;
import dev.nametag.hostsim.vm.PluginSettings;
import java.util.Map;
import java.util.Optional;

/**
 * A stream as the filter sees it, phase by phase. A header map is there while the callback for it
 * runs and while the filter holds it; all but the request's trailers come back, unchangeable, in
 * the access log.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, Context::findValue, getMap and
 * getConstMap.
 */
final class StreamContext extends PluginContext {

  private static final ByteString CEL_STATE_PREFIX = ByteString.utf8("wasm.");

  /** Where a stream is. */
  enum Phase {
    RUNNING,
    ACCESS_LOG,
    DONE
  }

  private final ActiveStream stream;
  private final WasmFilter filter;
  private final RequestProperties request;
  private final ResponseProperties response;
  private final ConnectionProperties connection;

  private Phase phase = Phase.RUNNING;
  private HeaderMapType visible;

  StreamContext(int id, PluginSettings settings, ActiveStream stream, WasmFilter filter) {
    super(id, settings);
    this.stream = stream;
    this.filter = filter;
    this.request = new RequestProperties(stream.info(), this);
    this.response = new ResponseProperties(stream.info(), this);
    this.connection = new ConnectionProperties(stream.info(), settings.release());
  }

  @Override
  public PluginRoot root() {
    return filter.root();
  }

  void enter(Phase next) {
    phase = next;
  }

  /** Shows a header map for the length of a callback; null shows none. */
  void show(HeaderMapType type) {
    visible = type;
  }

  @Override
  public boolean inAccessLog() {
    return phase == Phase.ACCESS_LOG;
  }

  @Override
  public Optional<HeaderMap> writableHeaders(HeaderMapType type) {
    if (phase != Phase.RUNNING) {
      return Optional.empty();
    }
    return filter.holds(type) || type == visible ? stream.headers(type) : Optional.empty();
  }

  @Override
  public Optional<HeaderMap> readableHeaders(HeaderMapType type) {
    if (!inAccessLog()) {
      return writableHeaders(type);
    }
    return type == HeaderMapType.REQUEST_TRAILERS ? Optional.empty() : stream.headers(type);
  }

  @Override
  public Optional<ByteQueue> body(BufferType type) {
    return filter.body(type);
  }

  @Override
  public WasmResult sendLocalResponse(LocalResponse answer) {
    return filter.sendLocalResponse(answer);
  }

  @Override
  public WasmResult continueStream(StreamType type) {
    return filter.continueStream(type);
  }

  @Override
  public WasmResult closeStream(StreamType type) {
    return filter.closeStream(type);
  }

  @Override
  public WasmResult setFilterState(ByteString key, PropertyValue value) {
    stream.info().filterState.put(key, value);
    return WasmResult.OK;
  }

  @Override
  public Optional<PropertyValue> property(ByteString firstSegment) {
    return switch (firstSegment.toString()) {
      case "request" -> Optional.of(branch(request::find));
      case "response" -> Optional.of(branch(response::find));
      case "connection" -> Optional.of(branch(connection::connection));
      case "source" -> Optional.of(branch(connection::source));
      case "destination" -> Optional.of(branch(connection::destination));
      case "upstream" -> Optional.of(branch(connection::upstream));
      case "xds" -> Optional.of(branch(this::xds));
      case "connection_id" ->
          Optional.of(new PropertyValue.Uint(stream.info().setup.connection().id()));
      case "metadata" -> Optional.of(Metadata.property(stream.info().dynamicMetadata()));
      case "filter_state" -> Optional.of(branch(this::filterState));
      // Nothing in the simulator shares filter state with upstream connections.
      case "upstream_filter_state" -> Optional.of(branch(name -> Optional.empty()));
      default ->
          super.property(firstSegment)
              .or(() -> formerlyBare(firstSegment))
              .or(() -> celState(CEL_STATE_PREFIX.concat(firstSegment)));
    };
  }

  @Override
  protected Optional<PropertyValue> xds(ByteString name) {
    return connection.xds(name).or(() -> super.xds(name));
  }

  private Optional<PropertyValue> formerlyBare(ByteString name) {
    return since(EnvoyVersion.V1_33) ? Optional.empty() : connection.bare(name);
  }

  private Optional<PropertyValue> celState(ByteString key) {
    return Optional.ofNullable(stream.info().filterState.get(key));
  }

  /**
   * An object with fields leads on to them, and is an empty map as a whole. Source:
   * expr/context.cc, FilterStateObjectWrapper.
   */
  private Optional<PropertyValue> filterState(ByteString key) {
    PropertyValue.Fields object = stream.info().setup.filterStateObjects().get(key);
    if (object == null) {
      return celState(key);
    }
    return Optional.of(
        new PropertyValue.Listed(
            name -> Optional.ofNullable(object.values().get(name)),
            () -> new PropertyValue.Fields(Map.of())));
  }
}
