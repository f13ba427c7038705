package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What Envoy makes of a local answer on the wire; gRPC clients get 200 with the status in a header.
 *
 * <p>Source: Envoy source/common/http/utility.cc, Utility::prepareLocalReply, and
 * source/common/grpc/status.cc, Utility::httpToGrpcStatus.
 */
final class LocalReplies {

  private static final ByteString CONTENT_TYPE = ByteString.utf8("content-type");

  private LocalReplies() {}

  /** The response: a body that is empty ends it with the headers. */
  record Response(HeaderMap headers, ByteString body) {}

  static boolean isGrpc(HeaderMap requestHeaders) {
    Optional<String> type = requestHeaders.first(CONTENT_TYPE).map(ByteString::toString);
    return type.filter(t -> t.equals("application/grpc") || t.startsWith("application/grpc+"))
        .isPresent();
  }

  static Response of(LocalAnswer answer, boolean grpc, boolean head) {
    HeaderMap headers = new HeaderMap(List.of());
    int code = grpc ? 200 : answer.code();
    headers.add(ByteString.utf8(":status"), ByteString.utf8(Integer.toString(code)));
    for (Header header : answer.headers()) {
      headers.add(header.name(), header.value());
    }
    if (grpc) {
      replace(headers, "content-type", "application/grpc");
      long status = answer.grpcStatus().orElse((int) grpcStatus(answer.code()));
      replace(headers, "grpc-status", Long.toString(status));
      if (!answer.body().isEmpty() && !head) {
        replace(headers, "grpc-message", percentEncoded(answer.body()));
      }
      headers.remove(ByteString.utf8("content-length"));
      return new Response(headers, ByteString.EMPTY);
    }
    if (answer.body().isEmpty()) {
      return new Response(headers, ByteString.EMPTY);
    }
    replace(headers, "content-length", Integer.toString(answer.body().size()));
    if (headers.first(CONTENT_TYPE).isEmpty()) {
      replace(headers, "content-type", "text/plain");
    }
    return new Response(headers, head ? ByteString.EMPTY : answer.body());
  }

  /** The status of gRPC that a code is mapped to. */
  static long grpcStatus(int code) {
    return switch (code) {
      case 400 -> 13L;
      case 401 -> 16L;
      case 403 -> 7L;
      case 404 -> 12L;
      case 429, 502, 503, 504 -> 14L;
      default -> 2L;
    };
  }

  private static void replace(HeaderMap headers, String name, String value) {
    headers.replace(ByteString.utf8(name), ByteString.utf8(value));
  }

  /** Source: Envoy source/common/http/utility.cc, PercentEncoding::encode. */
  private static String percentEncoded(ByteString text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.toString().getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
      }
    }
    return out.toString();
  }
}
