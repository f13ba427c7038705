package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Messages as Netty and as streams have them. Netty holds headers as text with one char for each
 * byte, so that bytes come through as they are.
 */
final class Messages {

  /**
   * Headers that speak of one connection. Source: Envoy source/common/http/conn_manager_utility.cc,
   * mutateRequestHeaders; RFC 9110, section 7.6.1.
   */
  private static final Set<String> HOP_BY_HOP =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "http2-settings");

  /** What streams say has been looked at there. */
  private static final HttpHeadersFactory AS_THEY_ARE =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private Messages() {}

  /** The end of a message, with room for trailers. */
  static DefaultLastHttpContent end() {
    return new DefaultLastHttpContent(
        Unpooled.EMPTY_BUFFER, DefaultHttpHeadersFactory.trailersFactory().withValidation(false));
  }

  static ByteString bytes(String text) {
    return ByteString.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static ByteString bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return ByteString.of(bytes);
  }

  static ByteBuf buffer(ByteString bytes) {
    return Unpooled.wrappedBuffer(bytes.toByteArray());
  }

  private static String text(ByteString bytes) {
    return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
  }

  /** Headers in order, without those that speak of the connection. */
  static List<Header> headers(HttpHeaders from) {
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, String> each : from) {
      String name = each.getKey().toLowerCase(Locale.ROOT);
      if (!HOP_BY_HOP.contains(name)) {
        headers.add(new Header(bytes(name), bytes(each.getValue())));
      }
    }
    return headers;
  }

  static List<Header> responseHeaders(HttpResponse response) {
    List<Header> headers = new ArrayList<>();
    headers.add(Header.of(":status", Integer.toString(response.status().code())));
    headers.addAll(headers(response.headers()));
    return headers;
  }

  /** Copies headers but pseudo headers. */
  static void copy(List<Header> from, HttpHeaders to) {
    for (Header header : from) {
      if (!header.name().isEmpty() && header.name().byteAt(0) != ':') {
        to.add(text(header.name()), text(header.value()));
      }
    }
  }

  /** The first value of a header as text, or nothing. */
  static String first(List<Header> headers, String name) {
    for (Header header : headers) {
      if (header.name().toString().equals(name)) {
        return text(header.value());
      }
    }
    return "";
  }

  /** The request as it goes to a server. */
  static HttpRequest request(List<Header> headers, boolean endOfStream) {
    String method = first(headers, ":method");
    String host = first(headers, ":authority");
    String target = method.equals("CONNECT") ? host : first(headers, ":path");
    HttpRequest request =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target, AS_THEY_ARE);
    request.headers().set("host", host);
    copy(headers, request.headers());
    if (!endOfStream && !request.headers().contains("content-length")) {
      request.headers().set("transfer-encoding", "chunked");
    }
    return request;
  }

  /** A response with these headers, whose framing is not settled. */
  static HttpResponse response(List<Header> headers) {
    int status = Integer.parseInt(first(headers, ":status"));
    HttpResponse response =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), AS_THEY_ARE);
    copy(headers, response.headers());
    return response;
  }

  /** {@code ip:port}. */
  static String address(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return "0.0.0.0:0";
    }
    String host = inet.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
  }
}
