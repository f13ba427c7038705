package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a filter, the router or the connection manager answers in place of upstream: Envoy's {@code
 * sendLocalReply}.
 *
 * @param flags bits of {@link ResponseFlag} that are set with it
 * @param details what {@code response.code_details} says; may be empty
 * @param headers without {@code :status}
 * @param grpcStatus for gRPC requests, in place of the one that the code is mapped to
 */
public record LocalAnswer(
    int code,
    long flags,
    String details,
    List<Header> headers,
    ByteString body,
    OptionalInt grpcStatus) {

  /** Copies. */
  public LocalAnswer {
    headers = List.copyOf(headers);
  }

  /** An answer with flags, details and a body of text, which may be empty. */
  public static LocalAnswer of(int code, long flags, String details, String body) {
    return new LocalAnswer(
        code, flags, details, List.of(), ByteString.utf8(body), OptionalInt.empty());
  }

  /** The same answer with one more header. */
  public LocalAnswer withHeader(String name, String value) {
    List<Header> more = new ArrayList<>(headers);
    more.add(Header.of(name, value));
    return new LocalAnswer(code, flags, details, more, body, grpcStatus);
  }
}
