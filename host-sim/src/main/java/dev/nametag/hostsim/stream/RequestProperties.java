package dev.nametag.hostsim.stream;

import static dev.nametag.hostsim.hostcall.HeaderMapType.REQUEST_HEADERS;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.vm.PluginContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code request} leads to. Source: Envoy source/extensions/filters/common/expr/context.cc,
 * RequestLookupValues.
 */
final class RequestProperties {

  private static final ByteString COMMA = ByteString.utf8(",");

  private final StreamInfo info;
  private final PluginContext context;

  RequestProperties(StreamInfo info, PluginContext context) {
    this.info = info;
    this.context = context;
  }

  Optional<PropertyValue> find(ByteString name) {
    return switch (name.toString()) {
      case "path" -> text(":path");
      case "url_path" -> header(":path").map(p -> new PropertyValue.Text(beforeQuery(p)));
      case "query" -> header(":path").map(p -> new PropertyValue.Text(query(p)));
      case "host" -> text(":authority");
      case "scheme" -> text(":scheme");
      case "method" -> text(":method");
      case "referer" -> text("referer");
      case "useragent" -> text("user-agent");
      case "id" -> text("x-request-id");
      case "headers" -> Optional.of(headers(context.readableHeaders(REQUEST_HEADERS)));
      case "size" -> size();
      case "total_size" ->
          number(
              info.bytesReceived
                  + context.readableHeaders(REQUEST_HEADERS).map(HeaderMap::byteSize).orElse(0));
      case "time" -> Optional.of(new PropertyValue.Timestamp(info.startTime));
      case "duration" -> info.duration.map(PropertyValue.Span::new);
      case "protocol" -> Optional.of(PropertyValue.text(info.setup.connection().protocol()));
      default -> Optional.empty();
    };
  }

  static Optional<PropertyValue> number(long value) {
    return Optional.of(new PropertyValue.Int(value));
  }

  /**
   * Headers by name; when the map is not there, none is found. Source: context.h, HeadersWrapper.
   * As a whole they come in their order; Envoy's order is not specified.
   */
  static PropertyValue headers(Optional<HeaderMap> headers) {
    return new PropertyValue.Listed(
        name -> headers.flatMap(map -> map.joined(name)).map(PropertyValue.Text::new),
        () -> new PropertyValue.Fields(headers.map(RequestProperties::joined).orElse(Map.of())));
  }

  private static Map<ByteString, PropertyValue> joined(HeaderMap headers) {
    Map<ByteString, ByteString> values = new LinkedHashMap<>();
    for (Header header : headers.headers()) {
      values.merge(header.name(), header.value(), (a, b) -> a.concat(COMMA).concat(b));
    }
    Map<ByteString, PropertyValue> all = new LinkedHashMap<>();
    values.forEach((name, value) -> all.put(name, new PropertyValue.Text(value)));
    return all;
  }

  /** The length that the client announced, if it is a number; else what has come so far. */
  private Optional<PropertyValue> size() {
    Optional<ByteString> announced = header("content-length");
    if (announced.isEmpty()) {
      return number(info.bytesReceived);
    }
    try {
      return number(Long.parseLong(announced.get().toString().strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Optional<ByteString> header(String name) {
    return context
        .readableHeaders(REQUEST_HEADERS)
        .flatMap(headers -> headers.first(ByteString.utf8(name)));
  }

  private Optional<PropertyValue> text(String header) {
    return header(header).map(PropertyValue.Text::new);
  }

  private static ByteString beforeQuery(ByteString path) {
    int mark = path.indexOf('?', 0);
    return mark < 0 ? path : path.slice(0, mark);
  }

  private static ByteString query(ByteString path) {
    int mark = path.indexOf('?', 0);
    if (mark < 0) {
      return ByteString.EMPTY;
    }
    int fragment = path.indexOf('#', mark);
    return path.slice(mark + 1, fragment < 0 ? path.size() : fragment);
  }
}
