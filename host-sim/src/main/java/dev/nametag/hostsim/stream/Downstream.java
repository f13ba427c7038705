package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.List;
import java.util.Map;

/**
 * The client's end of a stream, as the stream writes to it. Called in the worker's turn; must not
 * block for long.
 */
public interface Downstream {

  /** An interim response such as 100, before the real one. */
  void informational(List<Header> headers);

  /** The response begins; headers with {@code :status}. */
  void headers(List<Header> headers, boolean endOfStream);

  /** A frame of metadata; only over protocols that have it. */
  default void metadata(Map<String, String> elements) {}

  /** A part of the body. */
  void body(ByteString chunk, boolean endOfStream);

  /** The response ends with trailers. */
  void trailers(List<Header> trailers);

  /** The response will not be finished. */
  void reset();

  /**
   * Filters hold so much of the request's body that no more of it should come for now, or it may
   * come again. What comes all the same is held, too.
   */
  default void pauseRequest(boolean paused) {}
}
