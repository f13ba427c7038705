package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.vm.Worker.Admission;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One run through the filter chain: the request down a {@link RequestPath}, the response up a
 * {@link ResponsePath}, answers in its place, and the end in the log.
 *
 * <p>Source: Envoy source/common/http/filter_manager.cc, FilterManager::sendLocalReply;
 * source/common/http/conn_manager_impl.cc, ActiveStream and doDeferredStreamDestroy.
 */
final class ActiveStream {

  private final HttpStream owner;
  private final StreamInfo info;
  private final HeaderMap requestHeaders;
  private final Downstream client;
  private final Router router;
  private final Optional<WasmFilter> ours;
  private final boolean refused;
  private final RequestPath request;
  private final ResponsePath response;

  private boolean answered;
  private boolean ended;

  ActiveStream(
      HttpStream owner, Admission admission, List<Header> headers, Downstream to, Upstream up) {
    this.owner = owner;
    this.info = new StreamInfo(owner.setup());
    this.requestHeaders = new HeaderMap(headers);
    this.client = to;
    this.router = new Router(this, up);
    this.refused = admission instanceof Admission.Refuse;
    this.ours =
        admission instanceof Admission.Run run
            ? Optional.of(new WasmFilter(run.vm(), this))
            : Optional.empty();
    this.request = new RequestPath(owner, this, router);
    this.response = new ResponsePath(owner.setup().chain(), this, to);
  }

  StreamInfo info() {
    return info;
  }

  HeaderMap requestHeaders() {
    return requestHeaders;
  }

  FilterGate requestGate() {
    return request.gate();
  }

  FilterGate responseGate() {
    return response.gate();
  }

  Optional<WasmFilter> ours() {
    return ours;
  }

  boolean ended() {
    return ended;
  }

  boolean headersSent() {
    return response.headersSent();
  }

  /** Whether the worker's VM has failed and the policy says no. */
  boolean refused() {
    return refused;
  }

  Optional<HeaderMap> headers(HeaderMapType type) {
    return switch (type) {
      case REQUEST_HEADERS -> Optional.of(requestHeaders);
      case REQUEST_TRAILERS -> request.trailers();
      case RESPONSE_HEADERS -> response.headers();
      case RESPONSE_TRAILERS -> response.trailers();
      default -> Optional.empty();
    };
  }

  Optional<Route> matchRoute() {
    info.route = owner.setup().routes().match(requestHeaders);
    return info.route;
  }

  /** The answer in place of headers that cannot go out, of which the log has a line, too. */
  LocalAnswer unsendable(int code, long flags, String details, Optional<String> fault) {
    String why = fault.orElseThrow();
    owner.log(LogLevel.ERROR, details + ": " + why);
    return LocalAnswer.of(code, flags, details + "{" + why.replace(' ', '_') + "}", why);
  }

  /**
   * Does something of which the stream ends if it fails, which is a fault of this host. The fault
   * goes on to whoever is running this.
   */
  void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      owner.log(LogLevel.CRITICAL, "stream broken off: " + e);
      breakOff("host_fault");
      throw e;
    }
  }

  void inTurn(Runnable input) {
    owner.inTurn(input);
  }

  // From the client.

  void start(boolean endOfStream) {
    Optional<ByteString> expect = requestHeaders.first(ByteString.utf8("expect"));
    if (expect.filter(e -> e.toString().equalsIgnoreCase("100-continue")).isPresent()) {
      // Envoy says so by itself, past the filters, unless proxy_100_continue is on.
      client.informational(List.of(Header.of(":status", "100")));
      requestHeaders.remove(ByteString.utf8("expect"));
    }
    Optional<Route> route = matchRoute();
    Optional<ByteString> upgrade = requestHeaders.first(ByteString.utf8("upgrade"));
    if (upgrade.isPresent()
        && !route.map(Route::upgrades).orElse(List.of()).contains(upgrade.get().toString())) {
      answer(LocalAnswer.of(403, 0, "upgrade_failed", ""));
      return;
    }
    request.headers(endOfStream);
  }

  void requestBody(ByteString chunk, boolean endOfStream) {
    if (running()) {
      info.bytesReceived += chunk.size();
      request.body(chunk, endOfStream);
    }
  }

  void requestTrailers(List<Header> trailers) {
    if (running()) {
      request.trailers(trailers);
    }
  }

  /** Whether the request may go on: neither answered nor over. */
  boolean running() {
    return !ended && !answered;
  }

  void resumeRequest() {
    request.gate().resume();
  }

  void resumeResponse() {
    response.gate().resume();
  }

  // To the client.

  void informational(List<Header> headers) {
    client.informational(headers);
  }

  /**
   * Answers in place of upstream: through all filters that ours is one of if no response has begun,
   * past them if none has been sent, and else by breaking the stream off.
   */
  void answer(LocalAnswer answer) {
    if (ended) {
      return;
    }
    info.details = Optional.of(answer.details());
    info.flags |= answer.flags();
    request.gate().close();
    router.abandon();
    if (response.headersSent()) {
      breakOff(answer.details());
      return;
    }
    boolean begun = answered || response.headers().isPresent();
    answered = true;
    LocalReplies.Response reply =
        LocalReplies.of(answer, LocalReplies.isGrpc(requestHeaders), isHead());
    info.code = OptionalInt.of(answer.code());
    if (begun) {
      response.sendPastFilters(reply);
    } else {
      responseHeaders(reply.headers(), reply.body().isEmpty());
      if (!reply.body().isEmpty()) {
        responseBody(reply.body(), true);
      }
    }
  }

  private boolean isHead() {
    return requestHeaders
        .first(ByteString.utf8(":method"))
        .filter(method -> method.toString().equals("HEAD"))
        .isPresent();
  }

  void responseHeaders(HeaderMap headers, boolean endOfStream) {
    if (!ended) {
      response.headers(headers, endOfStream);
    }
  }

  void responseBody(ByteString chunk, boolean endOfStream) {
    if (!ended) {
      response.body(chunk, endOfStream);
    }
  }

  void responseTrailers(HeaderMap trailers) {
    if (!ended) {
      response.trailers(trailers);
    }
  }

  // Ends.

  void timeout(StreamTimeout timeout) {
    if (!ended) {
      router.timeout(timeout, request.complete());
    }
  }

  /** The client has gone. */
  void clientGone(long flags, String details) {
    if (!ended) {
      info.flags |= flags;
      info.details = Optional.of(details);
      end();
    }
  }

  /** The stream is reset; details that are there stay. */
  void breakOff(String details) {
    if (!ended) {
      info.details = info.details.or(() -> Optional.of(details));
      client.reset();
      end();
    }
  }

  boolean redirect(List<Header> headers) {
    if (!owner.mayRedirect(info.route)) {
      return false;
    }
    info.details = Optional.of("internal_redirect");
    end();
    owner.restart(headers);
    return true;
  }

  /** The stream is over and logged. */
  void end() {
    if (!ended) {
      ended = true;
      request.gate().close();
      response.gate().close();
      router.abandon();
      info.complete();
      ours.ifPresent(WasmFilter::logAndDelete);
    }
  }
}
