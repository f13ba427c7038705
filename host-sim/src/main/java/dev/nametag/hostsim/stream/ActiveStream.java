package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.LogLevel;
import java.util.List;
import java.util.Map;
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
  private final Links links;
  private final RequestPath request;
  private final ResponsePath response;

  private boolean answered;
  private boolean ended;

  ActiveStream(HttpStream owner, List<Header> headers, Downstream to, Upstream up) {
    this.owner = owner;
    this.info = new StreamInfo(owner.setup());
    this.requestHeaders = new HeaderMap(headers);
    this.client = to;
    this.router = new Router(this, up);
    this.links = Links.of(owner.setup().chain(), owner.worker(), this);
    int limit = owner.setup().listener().bufferLimitBytes();
    this.request = new RequestPath(links.all(), router, new BufferLimit(limit, new RequestHeld()));
    this.response =
        new ResponsePath(links.all(), this, to, new BufferLimit(limit, new ResponseHeld()));
    links.place(request::gate, response::gate);
  }

  StreamInfo info() {
    return info;
  }

  HeaderMap requestHeaders() {
    return requestHeaders;
  }

  Optional<WasmFilter> ours() {
    return links.ours();
  }

  boolean ended() {
    return ended;
  }

  boolean headersSent() {
    return response.headersSent();
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

  void requestMetadata(Map<String, String> elements) {
    if (running()) {
      request.metadata(elements);
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

  // To the client.

  void informational(List<Header> headers) {
    client.informational(headers);
  }

  /**
   * Answers in place of upstream: through all filters of the chain if no response has begun, past
   * them if none has been sent, and else by breaking the stream off.
   */
  void answer(LocalAnswer answer) {
    if (ended) {
      return;
    }
    info.details = Optional.of(answer.details());
    info.flags |= answer.flags();
    request.close();
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

  void responseMetadata(Map<String, String> elements) {
    if (!ended && !answered) {
      response.metadata(elements);
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
      request.close();
      response.close();
      router.abandon();
      info.complete();
      links.modules().forEach(WasmFilter::log);
      links.modules().forEach(WasmFilter::destroy);
    }
  }

  // Filters hold more than they may.

  private final class RequestHeld implements BufferLimit.Consequence {
    @Override
    public void pause(boolean paused) {
      client.pauseRequest(paused);
    }

    @Override
    public void refuse() {
      answer(LocalAnswer.of(413, 0, "request_payload_too_large", "Payload Too Large"));
    }
  }

  private final class ResponseHeld implements BufferLimit.Consequence {
    @Override
    public void pause(boolean paused) {
      router.pauseResponse(paused);
    }

    @Override
    public void refuse() {
      answer(LocalAnswer.of(500, 0, "response_payload_too_large", "Internal Server Error"));
    }
  }
}
