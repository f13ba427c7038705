package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The way of a response up the filter chain, from the last filter's gate to the first's, to the
 * client.
 *
 * <p>Source: Envoy source/common/http/filter_manager.cc, FilterManager::encodeHeaders,
 * encodeMetadata, encodeData and encodeTrailers; source/common/http/conn_manager_impl.cc,
 * ActiveStream::encodeHeaders.
 */
final class ResponsePath {

  private static final ByteString STATUS = ByteString.utf8(":status");

  private final ActiveStream stream;
  private final Downstream client;
  private final List<FilterGate> gates = new ArrayList<>();
  private final Onward first;

  private Optional<HeaderMap> headers = Optional.empty();
  private Optional<HeaderMap> trailers = Optional.empty();
  private boolean headersSent;

  /** A way past filters that are given in the order in which requests meet them. */
  ResponsePath(List<Link> links, ActiveStream stream, Downstream client, BufferLimit limit) {
    this.stream = stream;
    this.client = client;
    Onward next = new ToClient();
    for (Link link : links) {
      FilterGate gate = new FilterGate(new OnResponse(link), next, limit);
      gates.add(gate);
      next = gate;
    }
    first = next;
  }

  /** The gate of the filter that requests meet as that one, counted from zero. */
  FilterGate gate(int index) {
    return gates.get(index);
  }

  /** Nothing passes any more. */
  void close() {
    gates.forEach(FilterGate::close);
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
    close();
    headers = Optional.of(response.headers());
    ToClient past = new ToClient();
    past.headers(response.body().isEmpty());
    if (!response.body().isEmpty()) {
      past.body(response.body(), true);
    }
  }

  void headers(HeaderMap list, boolean endOfStream) {
    headers = Optional.of(list);
    first.headers(endOfStream);
  }

  void metadata(Map<String, String> elements) {
    first.metadata(elements);
  }

  void body(ByteString chunk, boolean endOfStream) {
    first.body(chunk, endOfStream);
  }

  void trailers(HeaderMap list) {
    trailers = Optional.of(list);
    first.trailers();
  }

  private final class OnResponse implements FilterGate.Filter {

    private final Link link;

    OnResponse(Link link) {
      this.link = link;
    }

    @Override
    public long headers(boolean endOfStream) {
      return link.responseHeaders(headers.orElseThrow(), endOfStream);
    }

    @Override
    public void metadata(int elements) {
      link.responseMetadata(elements);
    }

    @Override
    public long body(int size, boolean endOfStream) {
      return link.responseBody(size, endOfStream);
    }

    @Override
    public long trailers() {
      return link.responseTrailers(trailers.orElseThrow());
    }

    @Override
    public boolean seesTooMuch() {
      return false;
    }
  }

  private final class ToClient implements Onward {
    @Override
    public void headers(boolean endOfStream) {
      HeaderMap list = headers.orElseThrow();
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

    /** Nothing to tell, or no way to tell it, is nothing that goes out. */
    @Override
    public void metadata(Map<String, String> elements) {
      if (!elements.isEmpty() && stream.info().setup.connection().hasMetadata()) {
        client.metadata(elements);
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
