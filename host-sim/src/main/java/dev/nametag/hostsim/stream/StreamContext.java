package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.vm.PluginContext;
import dev.nametag.hostsim.vm.PluginSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A stream as the filter sees it, phase by phase.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, Context::findValue, getMap and
 * getConstMap; source/extensions/filters/common/expr/context.cc for the attributes.
 */
final class StreamContext extends PluginContext {

  private static final String UPSTREAM_ADDRESS = "10.0.0.2:8080";
  private static final ByteString CEL_STATE_PREFIX = ByteString.utf8("wasm.");

  /** Where a stream is. Request headers are hidden as soon as the filter has let them pass. */
  enum Phase {
    CREATED,
    REQUEST_HEADERS,
    BETWEEN,
    RESPONSE_HEADERS,
    ACCESS_LOG,
    DONE
  }

  private final StreamScenario scenario;
  private final HeaderMap requestHeaders;
  private final Map<ByteString, ByteString> filterState;
  private final Instant startTime = Instant.now();

  private Phase phase = Phase.CREATED;
  private Optional<HeaderMap> responseHeaders = Optional.empty();
  private OptionalInt code = OptionalInt.empty();
  private Optional<String> details = Optional.empty();
  private long flags;

  StreamContext(int id, PluginSettings settings, StreamScenario scenario) {
    super(id, settings);
    this.scenario = scenario;
    this.requestHeaders = new HeaderMap(scenario.requestHeaders());
    this.filterState = new HashMap<>(scenario.filterState());
  }

  void enter(Phase next) {
    phase = next;
  }

  HeaderMap requestHeaders() {
    return requestHeaders;
  }

  Optional<HeaderMap> responseHeaders() {
    return responseHeaders;
  }

  /** Notes the response, before the filters see it; there is none when the client left. */
  void end(OptionalInt newCode, long newFlags, String newDetails, List<HeaderMap> newHeaders) {
    code = newCode;
    flags |= newFlags;
    details = Optional.of(newDetails);
    responseHeaders = newHeaders.stream().findFirst();
  }

  OptionalInt code() {
    return code;
  }

  long flags() {
    return flags;
  }

  String details() {
    return details.orElse("");
  }

  @Override
  public boolean inAccessLog() {
    return phase == Phase.ACCESS_LOG;
  }

  @Override
  public Optional<HeaderMap> writableHeaders(HeaderMapType type) {
    if (type == HeaderMapType.REQUEST_HEADERS && phase == Phase.REQUEST_HEADERS) {
      return Optional.of(requestHeaders);
    }
    return type == HeaderMapType.RESPONSE_HEADERS && phase == Phase.RESPONSE_HEADERS
        ? responseHeaders
        : Optional.empty();
  }

  @Override
  public Optional<HeaderMap> readableHeaders(HeaderMapType type) {
    if (!inAccessLog()) {
      return writableHeaders(type);
    }
    if (type == HeaderMapType.REQUEST_HEADERS) {
      return Optional.of(requestHeaders);
    }
    return type == HeaderMapType.RESPONSE_HEADERS ? responseHeaders : Optional.empty();
  }

  @Override
  public WasmResult setFilterState(ByteString key, ByteString value) {
    filterState.put(key, value);
    return WasmResult.OK;
  }

  @Override
  public Optional<PropertyValue> property(ByteString firstSegment) {
    return switch (firstSegment.toString()) {
      case "request" -> Optional.of(branch(this::request));
      case "response" -> Optional.of(branch(this::response));
      case "source" -> Optional.of(branch(name -> address(name, scenario.sourceAddress())));
      case "connection" -> Optional.of(branch(StreamContext::connection));
      case "metadata" -> Optional.of(metadata());
      case "filter_state" -> Optional.of(branch(this::filterState));
      case "upstream" ->
          Optional.of(
              branch(
                  name ->
                      scenario.hasUpstream() ? address(name, UPSTREAM_ADDRESS) : Optional.empty()));
      // Tokens of Envoy about which a scenario says nothing.
      case "destination", "upstream_filter_state" -> Optional.of(branch(name -> Optional.empty()));
      case "connection_id" -> Optional.of(new PropertyValue.Int(1));
      default ->
          super.property(firstSegment).or(() -> filterState(CEL_STATE_PREFIX.concat(firstSegment)));
    };
  }

  @Override
  protected Optional<PropertyValue> xds(ByteString name) {
    return switch (name.toString()) {
      case "route_name" -> ifRouted(scenario.routeName());
      case "cluster_name" -> ifRouted(scenario.clusterName());
      case "listener_direction" -> Optional.of(new PropertyValue.Int(0));
      default -> super.xds(name);
    };
  }

  private Optional<PropertyValue> ifRouted(String value) {
    return scenario.hasRoute() ? Optional.of(PropertyValue.text(value)) : Optional.empty();
  }

  /** The whole is a protobuf message, which the simulator cannot serialise. */
  private PropertyValue metadata() {
    PropertyValue namespaces = new PropertyValue.Fields(scenario.dynamicMetadata());
    return new PropertyValue.Branch(
        name ->
            name.toString().equals("filter_metadata") ? Optional.of(namespaces) : Optional.empty(),
        WasmResult.UNIMPLEMENTED);
  }

  private Optional<PropertyValue> filterState(ByteString key) {
    return Optional.ofNullable(filterState.get(key)).map(PropertyValue.Text::new);
  }

  private static Optional<PropertyValue> connection(ByteString name) {
    return switch (name.toString()) {
      case "id" -> Optional.of(new PropertyValue.Int(1));
      case "mtls" -> Optional.of(new PropertyValue.Flag(false));
      default -> Optional.empty();
    };
  }

  private static Optional<PropertyValue> address(ByteString name, String address) {
    return switch (name.toString()) {
      case "address" -> Optional.of(PropertyValue.text(address));
      case "port" -> {
        int colon = address.lastIndexOf(':');
        yield Optional.of(new PropertyValue.Int(Long.parseLong(address.substring(colon + 1))));
      }
      default -> Optional.empty();
    };
  }

  private Optional<PropertyValue> request(ByteString name) {
    return switch (name.toString()) {
      case "path" -> requestText(":path");
      case "url_path" -> requestHeader(":path").map(p -> new PropertyValue.Text(beforeQuery(p)));
      case "query" -> requestHeader(":path").map(p -> new PropertyValue.Text(query(p)));
      case "host" -> requestText(":authority");
      case "scheme" -> requestText(":scheme");
      case "method" -> requestText(":method");
      case "referer" -> requestText("referer");
      case "useragent" -> requestText("user-agent");
      case "id" -> requestText("x-request-id");
      case "headers" ->
          readableHeaders(HeaderMapType.REQUEST_HEADERS).map(StreamContext::headersBranch);
      case "size" -> Optional.of(new PropertyValue.Int(requestSize()));
      case "total_size" ->
          Optional.of(
              new PropertyValue.Int(
                  requestSize()
                      + readableHeaders(HeaderMapType.REQUEST_HEADERS)
                          .map(HeaderMap::byteSize)
                          .orElse(0)));
      case "time" ->
          Optional.of(
              new PropertyValue.Int(
                  startTime.getEpochSecond() * 1_000_000_000L + startTime.getNano()));
      case "duration" ->
          phase == Phase.ACCESS_LOG || phase == Phase.DONE
              ? Optional.of(
                  new PropertyValue.Int(Duration.between(startTime, Instant.now()).toNanos()))
              : Optional.empty();
      case "protocol" -> Optional.of(PropertyValue.text("HTTP/1.1"));
      default -> Optional.empty();
    };
  }

  private Optional<PropertyValue> response(ByteString name) {
    return switch (name.toString()) {
      case "code" ->
          code.isPresent() ? Optional.of(new PropertyValue.Int(code.getAsInt())) : Optional.empty();
      case "code_details" -> details.map(PropertyValue::text);
      case "flags" -> Optional.of(new PropertyValue.Int(flags));
      case "grpc_status" -> grpcStatus().map(PropertyValue.Int::new);
      case "headers" ->
          readableHeaders(HeaderMapType.RESPONSE_HEADERS).map(StreamContext::headersBranch);
      case "size" -> Optional.of(new PropertyValue.Int(0));
      case "total_size" ->
          Optional.of(
              new PropertyValue.Int(
                  readableHeaders(HeaderMapType.RESPONSE_HEADERS)
                      .map(HeaderMap::byteSize)
                      .orElse(0)));
      default -> Optional.empty();
    };
  }

  private static PropertyValue headersBranch(HeaderMap headers) {
    return branch(name -> headers.joined(name).map(PropertyValue.Text::new));
  }

  private Optional<ByteString> requestHeader(String name) {
    return readableHeaders(HeaderMapType.REQUEST_HEADERS)
        .flatMap(headers -> headers.first(ByteString.utf8(name)));
  }

  private Optional<PropertyValue> requestText(String header) {
    return requestHeader(header).map(PropertyValue.Text::new);
  }

  private long requestSize() {
    try {
      return requestHeader("content-length").map(v -> Long.parseLong(v.toString())).orElse(0L);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static ByteString beforeQuery(ByteString path) {
    int mark = path.indexOf('?', 0);
    return mark < 0 ? path : path.slice(0, mark);
  }

  private static ByteString query(ByteString path) {
    int mark = path.indexOf('?', 0);
    return mark < 0 ? ByteString.EMPTY : path.slice(mark + 1, path.size());
  }

  /** From the header, else from the code. Source: Envoy source/common/grpc/status.cc. */
  private Optional<Long> grpcStatus() {
    Optional<ByteString> header =
        readableHeaders(HeaderMapType.RESPONSE_HEADERS)
            .flatMap(headers -> headers.first(ByteString.utf8("grpc-status")));
    if (header.isPresent()) {
      try {
        return Optional.of(Long.parseLong(header.get().toString()));
      } catch (NumberFormatException e) {
        return Optional.of(2L);
      }
    }
    if (code.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (code.getAsInt()) {
          case 400 -> 13L;
          case 401 -> 16L;
          case 403 -> 7L;
          case 404 -> 12L;
          case 429, 502, 503, 504 -> 14L;
          default -> 2L;
        });
  }
}
