package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.List;

/**
 * The answer that a module gives in place of upstream. Source: Proxy-Wasm ABI v0.2.1,
 * proxy_send_local_response.
 *
 * @param details as the module gave them; what {@code response.code_details} says has no spaces
 * @param grpcStatus for gRPC requests; one that is no status of gRPC, such as -1, is none
 */
public record LocalResponse(
    int code, ByteString details, ByteString body, List<Header> headers, int grpcStatus) {

  /** Copies. */
  public LocalResponse {
    headers = List.copyOf(headers);
  }
}
