package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.List;
import java.util.Map;

/**
 * The upstream's end of a stream, as the stream writes to it. What upstream says goes into the
 * {@link UpstreamAttempt}, at once or later, from any thread. Called in the worker's turn.
 */
public interface Upstream {

  /** A try begins. */
  void headers(UpstreamAttempt attempt, List<Header> headers, boolean endOfStream);

  /** A frame of metadata. */
  default void metadata(UpstreamAttempt attempt, Map<String, String> elements) {}

  /** A part of the request's body. */
  void body(UpstreamAttempt attempt, ByteString chunk, boolean endOfStream);

  /** The request ends with trailers. */
  void trailers(UpstreamAttempt attempt, List<Header> trailers);

  /** The try is given up; nothing that it says is heard any more. */
  void reset(UpstreamAttempt attempt);

  /**
   * Filters hold so much of the response's body that no more of it should come for now, or it may
   * come again. What comes all the same is held, too.
   */
  default void pauseResponse(UpstreamAttempt attempt, boolean paused) {}
}
