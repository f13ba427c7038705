package dev.nametag.hostsim.upstream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.List;

/** What a module asks of a cluster with {@code proxy_http_call}. */
public record HttpCall(
    String cluster, List<Header> headers, ByteString body, List<Header> trailers) {

  public HttpCall {
    headers = List.copyOf(headers);
    trailers = List.copyOf(trailers);
  }
}
