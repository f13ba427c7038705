package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong with headers that filters left, if anything: looked at once, before they go out.
 *
 * <p>Source: Envoy source/common/http/header_utility.cc, checkRequiredRequestHeaders and
 * checkRequiredResponseHeaders: a method, a path unless the method is CONNECT, a status that is a
 * number. Derived: Envoy's text for what is missing stands for what is there and cannot be used,
 * too; that a status has three digits and is none of those that announce another; which bytes
 * cannot be sent, RFC 9110, sections 5.1 and 5.5, and RFC 9112, section 3.
 */
final class Sendable {

  private static final ByteString METHOD = ByteString.utf8(":method");
  private static final ByteString PATH = ByteString.utf8(":path");
  private static final ByteString STATUS = ByteString.utf8(":status");
  private static final ByteString SWITCHING_PROTOCOLS = ByteString.utf8("101");

  private Sendable() {}

  static Optional<String> faultOfRequest(HeaderMap headers) {
    Optional<ByteString> method = headers.first(METHOD);
    if (method.isEmpty() || !isToken(method.get(), 0)) {
      return Optional.of("missing required header: :method");
    }
    Optional<ByteString> path = headers.first(PATH);
    boolean connect = method.get().toString().equals("CONNECT");
    if (path.isEmpty() ? !connect : !isTarget(path.get())) {
      return Optional.of("missing required header: :path");
    }
    return faultOf(headers.headers());
  }

  static Optional<String> faultOfResponse(HeaderMap headers) {
    if (!headers.first(STATUS).map(Sendable::isFinalStatus).orElse(false)) {
      return Optional.of("missing required header: :status");
    }
    return faultOf(headers.headers());
  }

  /** Of headers without regard to which must be there, such as trailers. */
  static Optional<String> faultOf(List<Header> headers) {
    for (Header header : headers) {
      ByteString name = header.name();
      boolean pseudo = name.size() > 1 && name.byteAt(0) == ':';
      if (!isToken(name, pseudo ? 1 : 0)) {
        return Optional.of("invalid header name");
      }
      if (!isValue(header.value())) {
        return Optional.of("invalid header value: " + name);
      }
    }
    return Optional.empty();
  }

  /** Of those that start with 1, only the answer to an upgrade is final. */
  private static boolean isFinalStatus(ByteString status) {
    return status.equals(SWITCHING_PROTOCOLS)
        || (status.size() == 3
            && status.byteAt(0) >= '2'
            && status.byteAt(0) <= '9'
            && isDigit(status.byteAt(1))
            && isDigit(status.byteAt(2)));
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isToken(ByteString text, int from) {
    for (int i = from; i < text.size(); i++) {
      byte b = text.byteAt(i);
      boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
      if (!letter && !isDigit(b) && "!#$%&'*+-.^_`|~".indexOf(b) < 0) {
        return false;
      }
    }
    return text.size() > from;
  }

  private static boolean isTarget(ByteString path) {
    for (int i = 0; i < path.size(); i++) {
      if (isControl(path.byteAt(i)) || path.byteAt(i) == ' ') {
        return false;
      }
    }
    return !path.isEmpty();
  }

  private static boolean isValue(ByteString value) {
    for (int i = 0; i < value.size(); i++) {
      if (isControl(value.byteAt(i)) && value.byteAt(i) != '\t') {
        return false;
      }
    }
    return true;
  }

  private static boolean isControl(byte b) {
    return (b >= 0 && b < ' ') || b == 0x7f;
  }
}
