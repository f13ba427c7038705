package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.List;

/** Where the answer of an upstream to one request comes in. Any thread may call any method. */
public interface UpstreamEvents {

  /** Says which host it is, when that is another than the cluster's. */
  void connected(UpstreamHost host);

  /** An interim response, such as 100 or 103. */
  void informational(List<Header> headers);

  /** The response begins; headers with {@code :status}. */
  void headers(List<Header> headers, boolean endOfStream);

  /** A part of the body. */
  void body(ByteString chunk, boolean endOfStream);

  /** The response ends with trailers. */
  void trailers(List<Header> trailers);

  /** The upstream broke off. */
  void reset(UpstreamFailure failure);
}
