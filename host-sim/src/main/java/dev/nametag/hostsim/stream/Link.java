package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.hostcall.HeaderMap;

/**
 * A filter in one stream: what is called on the request's way down the chain and on the response's
 * way up. What it does not look at passes. The answers are those of the ABI's callbacks, {@link
 * FilterGate#CONTINUE} and so on.
 */
interface Link {

  /** Says where the filter holds things back in this stream; before anything is called. */
  default void placed(FilterGate request, FilterGate response) {}

  default long requestHeaders(boolean endOfStream) {
    return FilterGate.CONTINUE;
  }

  /** A frame of metadata has come; it passes. */
  default void requestMetadata(int elements) {}

  default long requestBody(int size, boolean endOfStream) {
    return FilterGate.CONTINUE;
  }

  default long requestTrailers(HeaderMap trailers) {
    return FilterGate.CONTINUE;
  }

  default long responseHeaders(HeaderMap headers, boolean endOfStream) {
    return FilterGate.CONTINUE;
  }

  /** A frame of metadata has come; it passes. */
  default void responseMetadata(int elements) {}

  default long responseBody(int size, boolean endOfStream) {
    return FilterGate.CONTINUE;
  }

  default long responseTrailers(HeaderMap trailers) {
    return FilterGate.CONTINUE;
  }
}
