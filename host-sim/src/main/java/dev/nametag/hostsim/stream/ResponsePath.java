package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The way of a response up the filter chain: filters after ours, ours, filters before it, client.
 *
 * <p>Source: Envoy source/common/http/filter_manager.cc, FilterManager::encodeHeaders, encodeData
 * and encodeTrailers; source/common/http/conn_manager_impl.cc, ActiveStream::encodeHeaders.
 */
final class ResponsePath {

  private static final ByteString STATUS = ByteString.utf8(":status");

  private final FilterChain chain;
  private final ActiveStream stream;
  private final Downstream client;
  private final FilterGate gate;

  private Optional<HeaderMap> headers = Optional.empty();
  private Optional<HeaderMap> trailers = Optional.empty();
  private boolean headersSent;

  ResponsePath(FilterChain chain, ActiveStream stream, Downstream client) {
    this.chain = chain;
    this.stream = stream;
    this.client = client;
    this.gate = new FilterGate(new OnResponse(), new ToClient());
  }

  FilterGate gate() {
    return gate;
  }

  Optional<HeaderMap> headers() {
    return headers;
  }

  Optional<HeaderMap> trailers() {
    return trailers;
  }

  /** Whether the client has got the headers, after which no other response can take their place. */
  boolean headersSent() {
    return headersSent;
  }

  /** Goes on with a response of Envoy's own in place of one that filters have begun to see. */
  void sendPastFilters(LocalReplies.Response response) {
    gate.close();
    headers = Optional.of(response.headers());
    ToClient past = new ToClient();
    past.headers(response.body().isEmpty());
    if (!response.body().isEmpty()) {
      past.body(response.body(), true);
    }
  }

  private boolean oursSeesResponse() {
    return stream.ours().map(WasmFilter::created).orElse(false);
  }

  void headers(HeaderMap list, boolean endOfStream) {
    this.headers = Optional.of(list);
    List<StreamFilter> after = chain.afterOurs();
    for (int i = after.size() - 1; i >= 0; i--) {
      after.get(i).onResponseHeaders(list);
    }
    if (oursSeesResponse()) {
      gate.headers(endOfStream);
    } else {
      new ToClient().headers(endOfStream);
    }
  }

  void body(ByteString chunk, boolean endOfStream) {
    if (oursSeesResponse()) {
      gate.body(chunk, endOfStream);
    } else {
      new ToClient().body(chunk, endOfStream);
    }
  }

  void trailers(HeaderMap list) {
    this.trailers = Optional.of(list);
    if (oursSeesResponse()) {
      gate.trailers();
    } else {
      new ToClient().trailers();
    }
  }

  private final class OnResponse implements FilterGate.Module {
    @Override
    public long headers(boolean endOfStream) {
      return stream
          .ours()
          .orElseThrow()
          .responseHeaders(ResponsePath.this.headers.orElseThrow(), endOfStream);
    }

    @Override
    public long body(int size, boolean endOfStream) {
      return stream.ours().orElseThrow().responseBody(size, endOfStream);
    }

    @Override
    public long trailers() {
      return stream.ours().orElseThrow().responseTrailers(trailers.orElseThrow());
    }
  }

  private final class ToClient implements FilterGate.Next {
    @Override
    public void headers(boolean endOfStream) {
      HeaderMap list = ResponsePath.this.headers.orElseThrow();
      List<StreamFilter> before = chain.beforeOurs();
      for (int i = before.size() - 1; i >= 0; i--) {
        before.get(i).onResponseHeaders(list);
      }
      Optional<String> fault = Sendable.faultOfResponse(list);
      if (fault.isPresent()) {
        stream.answer(stream.unsendable(502, 0, "filter_removed_required_response_headers", fault));
        return;
      }
      // What goes out is what is logged, also where a local answer said another code before.
      list.first(STATUS)
          .ifPresent(
              code -> stream.info().code = OptionalInt.of(Integer.parseInt(code.toString())));
      headersSent = true;
      client.headers(list.headers(), endOfStream);
      if (endOfStream) {
        stream.end();
      }
    }

    @Override
    public void body(ByteString chunk, boolean endOfStream) {
      stream.info().bytesSent += chunk.size();
      client.body(chunk, endOfStream);
      if (endOfStream) {
        stream.end();
      }
    }

    @Override
    public void trailers() {
      List<Header> list = trailers.orElseThrow().headers();
      Optional<String> fault = Sendable.faultOf(list);
      if (fault.isPresent()) {
        // The client has headers, so that this breaks the stream off.
        stream.answer(stream.unsendable(502, 0, "filter_added_invalid_response_trailers", fault));
        return;
      }
      client.trailers(list);
      stream.end();
    }
  }
}
