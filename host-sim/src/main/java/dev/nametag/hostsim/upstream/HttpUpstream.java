package dev.nametag.hostsim.upstream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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

  /**
   * An answer that is on its way. A stream that is played from a script does not wait for it, only
   * one that is driven step by step.
   *
   * @param answer completed, in any thread, with another kind of answer, whose time is over then;
   *     cancelled when nobody waits for it any more
   */
  record Promised(CompletableFuture<Answer> answer) implements Answer {
    @Override
    public Duration after() {
      return Duration.ZERO;
    }
  }

  /** What Envoy's router answers in place of the cluster. */
  static Response localReply(int code, String body) {
    return response(
        code,
        body,
        Header.of("content-length", Integer.toString(ByteString.utf8(body).size())),
        Header.of("content-type", "text/plain"));
  }

  /** A response without trailers that comes at once. */
  static Response response(int code, String body, Header... headers) {
    List<Header> all = new ArrayList<>();
    all.add(Header.of(":status", Integer.toString(code)));
    all.addAll(List.of(headers));
    return new Response(Duration.ZERO, all, ByteString.utf8(body), List.of());
  }
}
