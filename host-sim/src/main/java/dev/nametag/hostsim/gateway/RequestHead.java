package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.LocalAnswer;
import dev.nametag.hostsim.stream.ResponseFlag;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The beginning of a request: its headers as streams have them, or why it is refused.
 *
 * <p>Source: Envoy source/common/http/http1/codec_impl.cc, ServerConnectionImpl, balsa_parser.cc,
 * and conn_manager_impl.cc, ActiveStream::decodeHeaders. HTTP/1.0 is taken, as with {@code
 * accept_http_10}.
 *
 * @param headers pseudo headers first; none when the request is not understood
 * @param refusal what is answered in place of everything else
 */
record RequestHead(
    List<Header> headers,
    boolean endOfStream,
    boolean keepAlive,
    boolean http10,
    boolean head,
    Optional<LocalAnswer> refusal) {

  /** Envoy's default for {@code max_headers_count}. */
  static final int MAX_HEADERS = 100;

  // What Envoy's parser takes: balsa_parser.cc, isVersionValid and isUrlValid.
  private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
  private static final Pattern URL = Pattern.compile("[!-~\\t\\f]+");

  /** Copies. */
  RequestHead {
    headers = List.copyOf(headers);
  }

  static RequestHead of(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return refused(request, notUnderstood(request.decoderResult().cause()));
    }
    if (!VERSION.matcher(request.protocolVersion().text()).matches()
        || !URL.matcher(request.uri()).matches()) {
      return refused(request, protocolError("http1.codec_error"));
    }
    if (request.headers().size() > MAX_HEADERS) {
      return refused(request, tooLarge("http1.too_many_headers"));
    }
    Optional<String[]> target = target(request);
    if (target.isEmpty()) {
      return refused(request, protocolError("http1.invalid_url"));
    }
    String authority = target.get()[0];
    List<Header> headers = new ArrayList<>();
    if (!authority.isEmpty()) {
      headers.add(new Header(Messages.bytes(":authority"), Messages.bytes(authority)));
    }
    String path = target.get()[1];
    if (!path.isEmpty()) {
      headers.add(new Header(Messages.bytes(":path"), Messages.bytes(path)));
    }
    headers.add(new Header(Messages.bytes(":method"), Messages.bytes(request.method().name())));
    headers.add(Header.of(":scheme", "http"));
    for (Header header : Messages.headers(request.headers())) {
      String name = header.name().toString();
      if (!name.equals("host") && !(name.equals("upgrade") && !upgrades(request.headers()))) {
        headers.add(header);
      }
    }
    return new RequestHead(
        headers,
        !HttpUtil.isTransferEncodingChunked(request) && contentLength(request) == 0,
        keepAlive(request),
        http10(request),
        request.method().name().equals("HEAD"),
        authority.isEmpty()
            ? Optional.of(LocalAnswer.of(400, 0, "missing_host_header", ""))
            : Optional.empty());
  }

  private static RequestHead refused(HttpRequest request, LocalAnswer answer) {
    boolean head = request.method().name().equals("HEAD");
    return new RequestHead(List.of(), false, false, http10(request), head, Optional.of(answer));
  }

  /** What is answered to bytes that are no request. */
  static LocalAnswer notUnderstood(Throwable cause) {
    if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException) {
      return tooLarge("http1.headers_too_large");
    }
    return protocolError(
        cause instanceof RequestDecoder.AmbiguousLengthException
            ? "http1.content_length_and_chunked_not_allowed"
            : "http1.codec_error");
  }

  private static LocalAnswer tooLarge(String details) {
    return LocalAnswer.of(
        431,
        ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR.bit(),
        details,
        "Request Header Fields Too Large");
  }

  private static LocalAnswer protocolError(String details) {
    return LocalAnswer.of(
        400, ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR.bit(), details, "Bad Request");
  }

  /** Whatever is not 1.1 is taken for 1.0. */
  private static boolean http10(HttpRequest request) {
    return !request.protocolVersion().text().equals("HTTP/1.1");
  }

  private static boolean keepAlive(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return !headers.containsValue("connection", "close", true)
        && (!http10(request) || headers.containsValue("connection", "keep-alive", true));
  }

  private static long contentLength(HttpRequest request) {
    return HttpUtil.getContentLength(request, 0L);
  }

  /** An upgrade to HTTP/2 is not offered, and not refused either. */
  private static boolean upgrades(HttpHeaders headers) {
    return headers.containsValue("connection", "upgrade", true)
        && !headers.contains("upgrade", "h2c", true);
  }

  /** Authority and path of the request target (RFC 9112, section 3.2); none if it is no target. */
  private static Optional<String[]> target(HttpRequest request) {
    // As Envoy's header map joins what it keeps one of.
    String host = String.join(",", request.headers().getAll("host"));
    String uri = request.uri();
    if (request.method().name().equals("CONNECT")) {
      return Optional.of(new String[] {uri, ""});
    }
    if (uri.startsWith("/") || (uri.equals("*") && request.method().name().equals("OPTIONS"))) {
      return Optional.of(new String[] {host, uri});
    }
    String scheme = "http://";
    if (!uri.regionMatches(true, 0, scheme, 0, scheme.length())) {
      return Optional.empty();
    }
    int path = scheme.length();
    while (path < uri.length() && "/?#".indexOf(uri.charAt(path)) < 0) {
      path++;
    }
    String rest = uri.substring(path);
    String authority = uri.substring(scheme.length(), path);
    return authority.isEmpty()
        ? Optional.empty()
        : Optional.of(new String[] {authority, rest.startsWith("/") ? rest : "/" + rest});
  }
}
