package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.UpstreamEvents;
import java.util.List;

/** What answers requests of one cluster on one worker; used in the worker's thread only. */
interface Backend {

  /** Begins a try. What comes of it goes into the attempt, in the worker's thread. */
  Call begin(UpstreamEvents attempt, List<Header> headers, boolean endOfStream, Flow flow);

  /** The request of one try, as it goes on. */
  interface Call {

    /** A part of the request's body. */
    void body(ByteString chunk, boolean endOfStream);

    /** The request ends with trailers. */
    void trailers(List<Header> trailers);

    /** The client takes no more for now, or again. */
    void pauseResponse(boolean paused);

    /** Nothing is wanted any more. */
    void cancel();
  }

  /** How a backend holds back the request's body. */
  interface Flow {

    /** The upstream takes no more for now, or again. */
    void pauseRequest(boolean paused);
  }

  /** Lets go of what is idle. */
  default void close() {}
}
