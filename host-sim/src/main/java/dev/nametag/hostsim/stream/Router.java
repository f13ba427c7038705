package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The last filter: sends the request upstream, tries again, follows redirects, and gives what comes
 * back to the filters.
 *
 * <p>Source: Envoy source/common/router/router.cc, Filter::decodeHeaders, decodeData,
 * onUpstreamHeaders, onUpstreamReset, onPerTryTimeout, setupRedirect. Of redirects, only 302 is
 * followed.
 */
final class Router {

  private static final ByteString STATUS = ByteString.utf8(":status");

  private final ActiveStream stream;
  private final Upstream upstream;

  private Optional<UpstreamAttempt> attempt = Optional.empty();
  private RetryPolicy retries = RetryPolicy.NONE;
  private int retriesLeft;
  private boolean responseStarted;

  // The request, of which the body is kept for further tries.
  private boolean endsWithHeaders;
  private final ByteQueue kept = new ByteQueue();
  private boolean bodySeen;
  private boolean bodyEnded;
  private Optional<List<Header>> trailers = Optional.empty();

  Router(ActiveStream stream, Upstream upstream) {
    this.stream = stream;
    this.upstream = upstream;
  }

  // The request, from the filters.

  void requestHeaders(boolean endOfStream) {
    Optional<Route> matched = stream.matchRoute();
    if (matched.isEmpty()) {
      stream.answer(LocalAnswer.of(404, ResponseFlag.NO_ROUTE_FOUND.bit(), "route_not_found", ""));
      return;
    }
    Route route = matched.get();
    if (route.directAnswer().isPresent()) {
      stream.answer(route.directAnswer().get());
      return;
    }
    if (!route.cluster().healthy()) {
      stream.answer(
          LocalAnswer.of(
              503,
              ResponseFlag.NO_HEALTHY_UPSTREAM.bit(),
              "no_healthy_upstream",
              "no healthy upstream"));
      return;
    }
    endsWithHeaders = endOfStream;
    retries = route.retries();
    retriesLeft = retries.retries();
    begin(route);
  }

  void requestBody(ByteString chunk, boolean endOfStream) {
    keep(chunk);
    bodySeen = true;
    bodyEnded = endOfStream;
    attempt.ifPresent(now -> upstream.body(now, chunk, endOfStream));
  }

  /** As in Envoy, it is not kept for further tries. */
  void requestMetadata(Map<String, String> elements) {
    attempt.ifPresent(now -> upstream.metadata(now, elements));
  }

  /** A body that is too large to be kept is sent but once. */
  private void keep(ByteString chunk) {
    if (retriesLeft == 0) {
      return;
    }
    int limit = stream.info().setup.listener().bufferLimitBytes();
    if (limit > 0 && kept.size() + chunk.size() > limit) {
      retries = RetryPolicy.NONE;
      retriesLeft = 0;
      kept.clear();
    } else {
      kept.append(chunk);
    }
  }

  void requestTrailers(List<Header> list) {
    Optional<String> fault = Sendable.faultOf(list);
    if (fault.isPresent()) {
      unsendable("filter_added_invalid_request_trailers", fault);
      return;
    }
    trailers = Optional.of(list);
    attempt.ifPresent(now -> upstream.trailers(now, list));
  }

  void pauseResponse(boolean paused) {
    attempt.ifPresent(now -> upstream.pauseResponse(now, paused));
  }

  /** Nothing is wanted from upstream any more. */
  void abandon() {
    attempt.ifPresent(
        now -> {
          attempt = Optional.empty();
          upstream.reset(now);
        });
  }

  void timeout(StreamTimeout timeout, boolean requestComplete) {
    if (timeout == StreamTimeout.PER_TRY && !responseStarted && mayRetry(retries.wants(504))) {
      again();
      return;
    }
    long exhausted =
        timeout == StreamTimeout.PER_TRY && retries.wants(504) && !responseStarted
            ? ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED.bit()
            : 0;
    stream.info().flags |= exhausted;
    stream.answer(timeout.answer(requestComplete));
  }

  private void begin(Route route) {
    Optional<String> fault = Sendable.faultOfRequest(stream.requestHeaders());
    if (fault.isPresent()) {
      unsendable("filter_removed_required_request_headers", fault);
      return;
    }
    StreamInfo info = stream.info();
    info.attempts++;
    info.upstreamHost = Optional.of(route.cluster().host());
    info.firstUpstreamByteSent = Optional.of(Instant.now());
    UpstreamAttempt now = new UpstreamAttempt(info.attempts, route.cluster(), stream::inTurn, this);
    attempt = Optional.of(now);
    upstream.headers(now, stream.requestHeaders().headers(), endsWithHeaders);
    if (bodySeen) {
      upstream.body(now, kept.toByteString(), bodyEnded);
    }
    trailers.ifPresent(list -> upstream.trailers(now, list));
  }

  /** Source: Envoy source/common/router/upstream_codec_filter.cc, decodeHeaders. */
  private void unsendable(String details, Optional<String> fault) {
    long flag = ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR.bit();
    stream.answer(stream.unsendable(503, flag, details, fault));
  }

  private boolean mayRetry(boolean wanted) {
    return wanted && retriesLeft > 0;
  }

  private void again() {
    retriesLeft--;
    abandon();
    stream.matchRoute().ifPresent(this::begin);
  }

  // The response, from upstream.

  private boolean stale(UpstreamAttempt from) {
    return attempt.filter(now -> now == from).isEmpty() || stream.ended();
  }

  void connected(UpstreamAttempt from, UpstreamHost host) {
    if (!stale(from)) {
      stream.info().upstreamHost = Optional.of(host);
    }
  }

  void informational(UpstreamAttempt from, List<Header> headers) {
    if (!stale(from) && !responseStarted) {
      stream.informational(headers);
    }
  }

  void responseHeaders(UpstreamAttempt from, List<Header> list, boolean endOfStream) {
    if (stale(from)) {
      return;
    }
    HeaderMap headers = new HeaderMap(list);
    int code = Integer.parseInt(headers.first(STATUS).orElseThrow().toString());
    boolean wanted = retries.wants(code);
    if (mayRetry(wanted)) {
      again();
      return;
    }
    if (wanted) {
      stream.info().flags |= ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED.bit();
    }
    if (code == 302 && redirect(headers)) {
      return;
    }
    responseStarted = true;
    stream.info().details = Optional.of("via_upstream");
    stream.info().code = OptionalInt.of(code);
    if (endOfStream) {
      complete();
    }
    stream.responseHeaders(headers, endOfStream);
  }

  void responseMetadata(UpstreamAttempt from, Map<String, String> elements) {
    if (!stale(from)) {
      stream.responseMetadata(elements);
    }
  }

  void responseBody(UpstreamAttempt from, ByteString chunk, boolean endOfStream) {
    if (stale(from)) {
      return;
    }
    if (endOfStream) {
      complete();
    }
    stream.responseBody(chunk, endOfStream);
  }

  void responseTrailers(UpstreamAttempt from, List<Header> list) {
    if (stale(from)) {
      return;
    }
    complete();
    stream.responseTrailers(new HeaderMap(list));
  }

  /** The response has come whole; before, Envoy does not say how long it took. */
  private void complete() {
    attempt = Optional.empty();
    stream.info().lastUpstreamByteReceived = Optional.of(Instant.now());
  }

  void upstreamReset(UpstreamAttempt from, UpstreamFailure failure) {
    if (stale(from)) {
      return;
    }
    attempt = Optional.empty();
    boolean wanted = !responseStarted && retries.wants(failure);
    if (mayRetry(wanted)) {
      again();
      return;
    }
    long exhausted = wanted ? ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED.bit() : 0;
    stream.answer(failure.answer(responseStarted, stream.info().attempts > 1, exhausted));
  }

  /** Whether another stream takes over, with the path and host that upstream named. */
  private boolean redirect(HeaderMap response) {
    Optional<ByteString> location = response.first(ByteString.utf8("location"));
    boolean complete = endsWithHeaders || bodyEnded || trailers.isPresent();
    if (location.isEmpty() || !complete || bodySeen) {
      return false;
    }
    List<Header> headers = new ArrayList<>();
    String target = location.get().toString();
    int scheme = target.indexOf("://");
    int path = target.indexOf('/', scheme < 0 ? 0 : scheme + 3);
    for (Header header : stream.requestHeaders().headers()) {
      String name = header.name().toString();
      if (name.equals(":path")) {
        headers.add(Header.of(name, path < 0 ? "/" : target.substring(path)));
      } else if (name.equals(":authority") && scheme >= 0) {
        headers.add(
            Header.of(name, target.substring(scheme + 3, path < 0 ? target.length() : path)));
      } else {
        headers.add(header);
      }
    }
    return stream.redirect(headers);
  }
}
