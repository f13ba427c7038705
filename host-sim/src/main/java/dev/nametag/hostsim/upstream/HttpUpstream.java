package dev.nametag.hostsim.upstream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A cluster that speaks HTTP. Asked in the thread of the worker; must not use the Envoy. */
@FunctionalInterface
public interface HttpUpstream {

  /** What becomes of the call. */
  Answer answer(HttpCall call);

  /** What can become of a call. */
  sealed interface Answer {

    /** How long it takes. */
    Duration after();
  }

  /** A response, headers with {@code :status}. */
  record Response(Duration after, List<Header> headers, ByteString body, List<Header> trailers)
      implements Answer {
    public Response {
      headers = List.copyOf(headers);
      trailers = List.copyOf(trailers);
    }
  }

  /** The connection breaks before there is a response: Envoy makes one of 503. */
  record ResetBeforeResponse(Duration after) implements Answer {}

  /** The connection breaks in the middle of a response, of which the module sees nothing. */
  record ResetInResponse(Duration after) implements Answer {}

  /** There is never an answer; a timeout makes one of 504. */
  record Silence() implements Answer {
    @Override
    public Duration after() {
      return Duration.ofNanos(Long.MAX_VALUE);
    }
  }

  /** A response without trailers that comes at once. */
  static Response response(int code, String body, Header... headers) {
    List<Header> all = new ArrayList<>();
    all.add(Header.of(":status", Integer.toString(code)));
    all.addAll(List.of(headers));
    return new Response(Duration.ZERO, all, ByteString.utf8(body), List.of());
  }
}
