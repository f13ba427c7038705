package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.RootActions.Started;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.time.EventLoop;
import dev.nametag.hostsim.upstream.Clusters;
import dev.nametag.hostsim.upstream.HttpCall;
import dev.nametag.hostsim.upstream.HttpUpstream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The HTTP calls of one plugin in one VM.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, Context::httpCall, onHttpCallSuccess
 * and onHttpCallFailure. What the router answers in upstream's place, 503 and 504 with its texts,
 * is from source/common/router/router.cc; it is a success for the module.
 */
final class HttpCallouts {

  private static final long NANOS_PER_MILLI = 1_000_000L;

  private static final HttpUpstream.Response TIMED_OUT =
      HttpUpstream.localReply(504, "upstream request timeout");

  private static final HttpUpstream.Response RESET =
      HttpUpstream.localReply(
          503,
          "upstream connect error or disconnect/reset before headers. reset reason: connection"
              + " termination");

  private final PluginRoot root;
  private final Clusters clusters;
  private final Set<Integer> open = new HashSet<>();

  HttpCallouts(PluginRoot root, Clusters clusters) {
    this.root = root;
    this.clusters = clusters;
  }

  Started call(HttpCall call, int timeoutMillis) {
    if (timeoutMillis < 0
        || !clusters.knows(call.cluster())
        || !has(call, ":path")
        || !has(call, ":method")
        || !has(call, ":authority")) {
      return Started.not(WasmResult.BAD_ARGUMENT);
    }
    int token = root.vm().tokens().nextHttpCall();
    open.add(token);
    HttpUpstream.Answer answer =
        clusters
            .http(call.cluster())
            .map(upstream -> upstream.answer(sent(call)))
            .orElseGet(() -> new HttpUpstream.ResetBeforeResponse(Duration.ZERO));
    if (answer instanceof HttpUpstream.Promised promised) {
      await(token, promised.answer(), timeoutMillis);
    } else {
      plan(token, answer, timeoutMillis);
    }
    return new Started(WasmResult.OK, token);
  }

  /** A body has its length in the headers, whatever the module says there. */
  private static HttpCall sent(HttpCall call) {
    if (call.body().isEmpty()) {
      return call;
    }
    HeaderMap headers = new HeaderMap(call.headers());
    headers.replace(
        ByteString.utf8("content-length"), ByteString.utf8(Integer.toString(call.body().size())));
    return new HttpCall(call.cluster(), headers.headers(), call.body(), call.trailers());
  }

  private void plan(int token, HttpUpstream.Answer answer, int timeoutMillis) {
    boolean silent = answer instanceof HttpUpstream.Silence;
    long timeoutNanos = timeoutMillis * NANOS_PER_MILLI;
    if (!silent && (timeoutMillis == 0 || answer.after().toNanos() <= timeoutNanos)) {
      root.vm().loop().after(answer.after().toNanos(), () -> deliver(token, answer));
    } else if (timeoutMillis > 0) {
      root.vm().loop().after(timeoutNanos, () -> deliver(token, TIMED_OUT));
    }
  }

  // Nobody waits for what is done with the answer.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void await(int token, CompletableFuture<HttpUpstream.Answer> coming, int timeoutMillis) {
    EventLoop loop = root.vm().loop();
    Optional<EventLoop.Event> timeout =
        timeoutMillis == 0
            ? Optional.empty()
            : Optional.of(
                loop.after(
                    timeoutMillis * NANOS_PER_MILLI,
                    () -> {
                      coming.cancel(false);
                      deliver(token, TIMED_OUT);
                    }));
    coming.whenComplete(
        (answer, failure) -> {
          if (!coming.isCancelled()) {
            timeout.ifPresent(loop::cancel);
            loop.post(
                () ->
                    deliver(
                        token,
                        answer == null
                            ? new HttpUpstream.ResetBeforeResponse(Duration.ZERO)
                            : answer));
          }
        });
  }

  private static boolean has(HttpCall call, String name) {
    ByteString wanted = ByteString.utf8(name);
    return call.headers().stream().anyMatch(header -> header.name().equals(wanted));
  }

  private void deliver(int token, HttpUpstream.Answer answer) {
    if (!open.remove(token)) {
      return;
    }
    if (answer instanceof HttpUpstream.Response response) {
      respond(token, response);
    } else if (answer instanceof HttpUpstream.ResetInResponse) {
      root.results().show(WasmResult.BROKEN_CONNECTION.code(), ByteString.utf8("reset"));
      root.call(Callback.ON_HTTP_CALL_RESPONSE, token, 0, 0, 0);
      root.results().clear();
    } else {
      respond(token, RESET);
    }
  }

  private void respond(int token, HttpUpstream.Response response) {
    List<Header> trailers = response.trailers();
    root.results().show(HeaderMapType.HTTP_CALL_RESPONSE_HEADERS, response.headers());
    root.results().show(BufferType.HTTP_CALL_RESPONSE_BODY, response.body());
    if (!trailers.isEmpty()) {
      root.results().show(HeaderMapType.HTTP_CALL_RESPONSE_TRAILERS, trailers);
    }
    root.call(
        Callback.ON_HTTP_CALL_RESPONSE,
        token,
        response.headers().size(),
        response.body().size(),
        trailers.size());
    root.results().clear();
  }
}
