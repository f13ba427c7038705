package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.vm.Worker.Admission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One run through the filter chain: requests down, responses up, and the end in the log.
 *
 * <p>Source: Envoy source/common/http/filter_manager.cc, FilterManager::decodeHeaders,
 * encodeHeaders and sendLocalReply; source/common/http/conn_manager_impl.cc, ActiveStream and
 * doDeferredStreamDestroy.
 */
final class ActiveStream {

  private static final ByteString STATUS = ByteString.utf8(":status");

  private final HttpStream owner;
  private final StreamInfo info;
  private final HeaderMap requestHeaders;
  private final Downstream client;
  private final Router router;
  private final Optional<WasmFilter> ours;
  private final boolean refused;
  private final FilterGate requestGate;
  private final FilterGate responseGate;

  private Optional<HeaderMap> requestTrailers = Optional.empty();
  private Optional<HeaderMap> responseHeaders = Optional.empty();
  private Optional<HeaderMap> responseTrailers = Optional.empty();

  private int reached = -1;
  private boolean holding;
  private boolean requestEnded;
  private boolean requestEndedWithHeaders;

  /** What our filter let pass while a filter behind it held the headers. */
  private ByteString waiting = ByteString.EMPTY;

  private boolean waitingData;
  private boolean waitingTrailers;
  private boolean headersAtRouter;

  private boolean answered;
  private boolean headersSent;
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
    this.requestGate = new FilterGate(new OnRequest(), new BehindOurs());
    this.responseGate = new FilterGate(new OnResponse(), new ToClient());
  }

  StreamInfo info() {
    return info;
  }

  HeaderMap requestHeaders() {
    return requestHeaders;
  }

  FilterGate requestGate() {
    return requestGate;
  }

  FilterGate responseGate() {
    return responseGate;
  }

  Optional<WasmFilter> ours() {
    return ours;
  }

  boolean ended() {
    return ended;
  }

  boolean headersSent() {
    return headersSent;
  }

  Optional<HeaderMap> headers(HeaderMapType type) {
    return switch (type) {
      case REQUEST_HEADERS -> Optional.of(requestHeaders);
      case REQUEST_TRAILERS -> requestTrailers;
      case RESPONSE_HEADERS -> responseHeaders;
      case RESPONSE_TRAILERS -> responseTrailers;
      default -> Optional.empty();
    };
  }

  Optional<Route> matchRoute() {
    info.route = owner.setup().routes().match(requestHeaders);
    return info.route;
  }

  void inTurn(Runnable input) {
    owner.inTurn(input);
  }

  // From the client.

  void start(boolean endOfStream) {
    requestEnded = endOfStream;
    requestEndedWithHeaders = endOfStream;
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
    decodeFrom(0);
  }

  void requestBody(ByteString chunk, boolean endOfStream) {
    if (ended || answered) {
      return;
    }
    info.bytesReceived += chunk.size();
    requestEnded |= endOfStream;
    throughOurs(() -> requestGate.body(chunk, endOfStream), chunk, endOfStream);
  }

  void requestTrailers(List<Header> trailers) {
    if (ended || answered) {
      return;
    }
    requestEnded = true;
    requestTrailers = Optional.of(new HeaderMap(trailers));
    throughOurs(requestGate::trailers, null, true);
  }

  private interface Then {
    void run();
  }

  /** Filters before ours that hold the headers hold the rest, too. */
  private void throughOurs(Then gate, ByteString chunk, boolean endOfStream) {
    if (holding && reached < oursAt()) {
      owner.whenReleased(
          () -> {
            if (!ended && !answered) {
              throughOurs(gate, chunk, endOfStream);
            }
          });
    } else if (ours.isPresent()) {
      gate.run();
    } else if (chunk == null) {
      new BehindOurs().trailers();
    } else {
      new BehindOurs().body(chunk, endOfStream);
    }
  }

  private int oursAt() {
    return owner.setup().chain().beforeOurs().size();
  }

  private void decodeFrom(int first) {
    FilterChain chain = owner.setup().chain();
    for (int i = first; i < oursAt(); i++) {
      if (!letPass(i, chain.beforeOurs().get(i))) {
        return;
      }
    }
    if (first <= oursAt()) {
      reached = oursAt();
      if (refused) {
        answer(LocalAnswer.of(503, 0, "wasm_fail_stream", ""));
      } else if (ours.isPresent()) {
        requestGate.headers(requestEndedWithHeaders);
      } else {
        new BehindOurs().headers(requestEndedWithHeaders);
      }
      return;
    }
    behindOursFrom(first);
  }

  private void behindOursFrom(int first) {
    List<StreamFilter> after = owner.setup().chain().afterOurs();
    for (int i = first; i <= oursAt() + after.size(); i++) {
      if (!letPass(i, after.get(i - oursAt() - 1))) {
        return;
      }
    }
    reached = Integer.MAX_VALUE;
    headersAtRouter = true;
    router.requestHeaders(requestEndedWithHeaders && !waitingData && !waitingTrailers);
    if (waitingData && !answered) {
      router.requestBody(waiting, requestEnded && !waitingTrailers);
    }
    if (waitingTrailers && !answered) {
      router.requestTrailers(requestTrailers.orElseThrow().headers());
    }
  }

  /** Whether the headers go on behind that filter now. */
  private boolean letPass(int index, StreamFilter filter) {
    reached = index;
    StreamFilter.Decision decision = filter.onRequestHeaders(new FilterView(index));
    if (decision instanceof StreamFilter.Decision.Answer answer) {
      answer(answer.answer());
      return false;
    }
    holding = decision instanceof StreamFilter.Decision.Hold;
    return !holding;
  }

  void resumeRequest() {
    requestGate.resume();
  }

  void resumeResponse() {
    responseGate.resume();
  }

  /** What another filter may do. */
  private final class FilterView implements StreamFilter.View {

    private final int index;

    FilterView(int index) {
      this.index = index;
    }

    @Override
    public HeaderMap requestHeaders() {
      return requestHeaders;
    }

    @Override
    public void addDynamicMetadata(String namespace, Map<String, ?> fields) {
      info.addDynamicMetadata(namespace, fields);
    }

    @Override
    public void setFilterState(String key, ByteString value) {
      info.filterState.put(ByteString.utf8(key), value);
    }

    @Override
    public void resume() {
      inTurn(
          () -> {
            if (holding && reached == index && !answered && !ended) {
              holding = false;
              decodeFrom(index + 1);
              owner.release();
            }
          });
    }

    @Override
    public void answer(LocalAnswer answer) {
      inTurn(
          () -> {
            if (holding && reached == index && !answered && !ended) {
              ActiveStream.this.answer(answer);
            }
          });
    }
  }

  private final class OnRequest implements FilterGate.Module {
    @Override
    public long headers(boolean endOfStream) {
      return ours.orElseThrow().requestHeaders(endOfStream);
    }

    @Override
    public long body(int size, boolean endOfStream) {
      return ours.orElseThrow().requestBody(size, endOfStream);
    }

    @Override
    public long trailers() {
      return ours.orElseThrow().requestTrailers(requestTrailers.orElseThrow());
    }
  }

  private final class BehindOurs implements FilterGate.Next {
    @Override
    public void headers(boolean endOfStream) {
      requestEndedWithHeaders = endOfStream;
      behindOursFrom(oursAt() + 1);
    }

    @Override
    public void body(ByteString chunk, boolean endOfStream) {
      if (headersAtRouter) {
        router.requestBody(chunk, endOfStream);
      } else {
        waiting = waiting.concat(chunk);
        waitingData = true;
      }
    }

    @Override
    public void trailers() {
      if (headersAtRouter) {
        router.requestTrailers(requestTrailers.orElseThrow().headers());
      } else {
        waitingTrailers = true;
      }
    }
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
    requestGate.close();
    router.abandon();
    if (headersSent) {
      breakOff(answer.details());
      return;
    }
    boolean begun = answered || responseHeaders.isPresent();
    answered = true;
    LocalReplies.Response response =
        LocalReplies.of(answer, LocalReplies.isGrpc(requestHeaders), isHead());
    info.code = OptionalInt.of(answer.code());
    if (begun) {
      responseGate.close();
      responseHeaders = Optional.of(response.headers());
      send(response);
    } else {
      responseHeaders(response.headers(), response.body().isEmpty());
      if (!response.body().isEmpty()) {
        responseBody(response.body(), true);
      }
    }
  }

  private void send(LocalReplies.Response response) {
    ToClient past = new ToClient();
    past.headers(response.body().isEmpty());
    if (!response.body().isEmpty()) {
      past.body(response.body(), true);
    }
  }

  private boolean isHead() {
    return requestHeaders
        .first(ByteString.utf8(":method"))
        .filter(method -> method.toString().equals("HEAD"))
        .isPresent();
  }

  private boolean oursSeesResponse() {
    return ours.map(WasmFilter::created).orElse(false);
  }

  void responseHeaders(HeaderMap headers, boolean endOfStream) {
    if (ended) {
      return;
    }
    responseHeaders = Optional.of(headers);
    List<StreamFilter> after = owner.setup().chain().afterOurs();
    for (int i = after.size() - 1; i >= 0; i--) {
      after.get(i).onResponseHeaders(headers);
    }
    if (oursSeesResponse()) {
      responseGate.headers(endOfStream);
    } else {
      new ToClient().headers(endOfStream);
    }
  }

  void responseBody(ByteString chunk, boolean endOfStream) {
    if (ended) {
      return;
    }
    if (oursSeesResponse()) {
      responseGate.body(chunk, endOfStream);
    } else {
      new ToClient().body(chunk, endOfStream);
    }
  }

  void responseTrailers(HeaderMap trailers) {
    if (ended) {
      return;
    }
    responseTrailers = Optional.of(trailers);
    if (oursSeesResponse()) {
      responseGate.trailers();
    } else {
      new ToClient().trailers();
    }
  }

  private final class OnResponse implements FilterGate.Module {
    @Override
    public long headers(boolean endOfStream) {
      return ours.orElseThrow().responseHeaders(responseHeaders.orElseThrow(), endOfStream);
    }

    @Override
    public long body(int size, boolean endOfStream) {
      return ours.orElseThrow().responseBody(size, endOfStream);
    }

    @Override
    public long trailers() {
      return ours.orElseThrow().responseTrailers(responseTrailers.orElseThrow());
    }
  }

  private final class ToClient implements FilterGate.Next {
    @Override
    public void headers(boolean endOfStream) {
      HeaderMap headers = responseHeaders.orElseThrow();
      List<StreamFilter> before = owner.setup().chain().beforeOurs();
      for (int i = before.size() - 1; i >= 0; i--) {
        before.get(i).onResponseHeaders(headers);
      }
      // What goes out is what is logged, also where a local answer said another code before.
      headers
          .first(STATUS)
          .ifPresent(code -> info.code = OptionalInt.of(Integer.parseInt(code.toString())));
      headersSent = true;
      client.headers(headers.headers(), endOfStream);
      if (endOfStream) {
        end();
      }
    }

    @Override
    public void body(ByteString chunk, boolean endOfStream) {
      info.bytesSent += chunk.size();
      client.body(chunk, endOfStream);
      if (endOfStream) {
        end();
      }
    }

    @Override
    public void trailers() {
      client.trailers(responseTrailers.orElseThrow().headers());
      end();
    }
  }

  // Ends.

  void timeout(StreamTimeout timeout) {
    if (!ended) {
      router.timeout(timeout, requestEnded);
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

  private void end() {
    if (!ended) {
      ended = true;
      requestGate.close();
      responseGate.close();
      router.abandon();
      info.complete();
      ours.ifPresent(WasmFilter::logAndDelete);
    }
  }
}
