package dev.nametag.hostsim.stream;

import static dev.nametag.hostsim.hostcall.HeaderMapType.RESPONSE_HEADERS;
import static dev.nametag.hostsim.hostcall.HeaderMapType.RESPONSE_TRAILERS;
import static dev.nametag.hostsim.stream.RequestProperties.number;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.vm.PluginContext;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@code response} leads to. Source: Envoy source/extensions/filters/common/expr/context.cc,
 * ResponseLookupValues; source/common/grpc/common.cc, Common::getGrpcStatus.
 */
final class ResponseProperties {

  /** Envoy's InvalidCode. */
  private static final long INVALID = -1;

  private final StreamInfo info;
  private final PluginContext context;

  ResponseProperties(StreamInfo info, PluginContext context) {
    this.info = info;
    this.context = context;
  }

  Optional<PropertyValue> find(ByteString name) {
    return switch (name.toString()) {
      case "code" ->
          info.code.isPresent()
              ? Optional.of(new PropertyValue.Int(info.code.getAsInt()))
              : Optional.empty();
      case "code_details" -> info.details.map(PropertyValue::text);
      case "flags" -> number(info.flags);
      case "grpc_status" -> grpcStatus().map(PropertyValue.Int::new);
      case "headers" ->
          Optional.of(RequestProperties.headers(context.readableHeaders(RESPONSE_HEADERS)));
      case "trailers" ->
          Optional.of(RequestProperties.headers(context.readableHeaders(RESPONSE_TRAILERS)));
      case "size" -> number(info.bytesSent);
      case "total_size" ->
          number(info.bytesSent + byteSize(RESPONSE_HEADERS) + byteSize(RESPONSE_TRAILERS));
      case "backend_latency" ->
          info.firstUpstreamByteSent.flatMap(
              first ->
                  info.lastUpstreamByteReceived.map(
                      last -> new PropertyValue.Span(Duration.between(first, last))));
      default -> Optional.empty();
    };
  }

  private int byteSize(HeaderMapType type) {
    return context.readableHeaders(type).map(HeaderMap::byteSize).orElse(0);
  }

  /** From the trailers, then the headers, then the code; also when nobody speaks gRPC. */
  private Optional<Long> grpcStatus() {
    Optional<ByteString> written =
        grpcStatus(RESPONSE_TRAILERS).or(() -> grpcStatus(RESPONSE_HEADERS));
    if (written.isPresent()) {
      try {
        return Optional.of(Long.parseLong(written.get().toString()));
      } catch (NumberFormatException e) {
        return Optional.of(INVALID);
      }
    }
    if (info.code.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(LocalReplies.grpcStatus(info.code.getAsInt()));
  }

  private Optional<ByteString> grpcStatus(HeaderMapType type) {
    return context
        .readableHeaders(type)
        .flatMap(headers -> headers.first(ByteString.utf8("grpc-status")));
  }
}
