package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way of a request down the filter chain: filters before ours, ours, filters after it, router.
 * Others than ours see the headers; what comes behind headers that one of them holds waits for it.
 *
 * <p>Source: Envoy source/common/http/filter_manager.cc, FilterManager::decodeHeaders, decodeData
 * and decodeTrailers.
 */
final class RequestPath {

  private final HttpStream owner;
  private final ActiveStream stream;
  private final Router router;
  private final FilterGate gate;

  private Optional<HeaderMap> trailers = Optional.empty();

  private int reached = -1;
  private boolean holding;
  private boolean complete;
  private boolean endsWithHeaders;

  /** What our filter let pass while a filter behind it held the headers. */
  private ByteString waiting = ByteString.EMPTY;

  private boolean waitingData;
  private boolean waitingTrailers;
  private boolean headersAtRouter;

  RequestPath(HttpStream owner, ActiveStream stream, Router router) {
    this.owner = owner;
    this.stream = stream;
    this.router = router;
    this.gate = new FilterGate(new OnRequest(), new BehindOurs());
  }

  FilterGate gate() {
    return gate;
  }

  Optional<HeaderMap> trailers() {
    return trailers;
  }

  /** Whether the client has said all that it has to say. */
  boolean complete() {
    return complete;
  }

  void headers(boolean endOfStream) {
    complete = endOfStream;
    endsWithHeaders = endOfStream;
    decodeFrom(0);
  }

  void body(ByteString chunk, boolean endOfStream) {
    complete |= endOfStream;
    throughOurs(() -> gate.body(chunk, endOfStream), chunk, endOfStream);
  }

  void trailers(List<Header> list) {
    complete = true;
    trailers = Optional.of(new HeaderMap(list));
    throughOurs(gate::trailers, null, true);
  }

  private interface Then {
    void run();
  }

  /** Filters before ours that hold the headers hold the rest, too. */
  private void throughOurs(Then then, ByteString chunk, boolean endOfStream) {
    if (holding && reached < oursAt()) {
      owner.whenReleased(
          () -> {
            if (stream.running()) {
              throughOurs(then, chunk, endOfStream);
            }
          });
    } else if (stream.ours().isPresent()) {
      then.run();
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
      if (stream.refused()) {
        stream.answer(LocalAnswer.of(503, 0, "wasm_fail_stream", ""));
      } else if (stream.ours().isPresent()) {
        gate.headers(endsWithHeaders);
      } else {
        new BehindOurs().headers(endsWithHeaders);
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
    router.requestHeaders(endsWithHeaders && !waitingData && !waitingTrailers);
    if (waitingData && stream.running()) {
      router.requestBody(waiting, complete && !waitingTrailers);
    }
    if (waitingTrailers && stream.running()) {
      router.requestTrailers(trailers.orElseThrow().headers());
    }
  }

  /** Whether the headers go on behind that filter now. */
  private boolean letPass(int index, StreamFilter filter) {
    reached = index;
    StreamFilter.Decision decision = filter.onRequestHeaders(new FilterView(index));
    if (decision instanceof StreamFilter.Decision.Answer answer) {
      stream.answer(answer.answer());
      return false;
    }
    holding = decision instanceof StreamFilter.Decision.Hold;
    return !holding;
  }

  /** What another filter may do. */
  private final class FilterView implements StreamFilter.View {

    private final int index;

    FilterView(int index) {
      this.index = index;
    }

    @Override
    public HeaderMap requestHeaders() {
      return stream.requestHeaders();
    }

    @Override
    public void addDynamicMetadata(String namespace, Map<String, ?> fields) {
      stream.info().addDynamicMetadata(namespace, fields);
    }

    @Override
    public void setFilterState(String key, ByteString value) {
      stream.info().filterState.put(ByteString.utf8(key), value);
    }

    @Override
    public void resume() {
      stream.inTurn(
          () -> {
            if (holding && reached == index && stream.running()) {
              holding = false;
              decodeFrom(index + 1);
              owner.release();
            }
          });
    }

    @Override
    public void answer(LocalAnswer answer) {
      stream.inTurn(
          () -> {
            if (holding && reached == index && stream.running()) {
              stream.answer(answer);
            }
          });
    }
  }

  private final class OnRequest implements FilterGate.Module {
    @Override
    public long headers(boolean endOfStream) {
      return stream.ours().orElseThrow().requestHeaders(endOfStream);
    }

    @Override
    public long body(int size, boolean endOfStream) {
      return stream.ours().orElseThrow().requestBody(size, endOfStream);
    }

    @Override
    public long trailers() {
      return stream.ours().orElseThrow().requestTrailers(trailers.orElseThrow());
    }
  }

  private final class BehindOurs implements FilterGate.Next {
    @Override
    public void headers(boolean endOfStream) {
      endsWithHeaders = endOfStream;
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
        router.requestTrailers(trailers.orElseThrow().headers());
      } else {
        waitingTrailers = true;
      }
    }
  }
}
