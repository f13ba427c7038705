package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way of a request down the filter chain, from one filter's gate to the next, to the router.
 *
 * <p>Source: Envoy source/common/http/filter_manager.cc, FilterManager::decodeHeaders,
 * decodeMetadata, decodeData and decodeTrailers.
 */
final class RequestPath {

  private final Router router;
  private final List<FilterGate> gates = new ArrayList<>();
  private final Onward first;

  private Optional<HeaderMap> trailers = Optional.empty();
  private boolean complete;

  RequestPath(List<Link> links, Router router, BufferLimit limit) {
    this.router = router;
    Onward next = new ToRouter();
    for (int i = links.size() - 1; i >= 0; i--) {
      FilterGate gate = new FilterGate(new OnRequest(links.get(i)), next, limit);
      gates.add(0, gate);
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

  Optional<HeaderMap> trailers() {
    return trailers;
  }

  /** Whether the client has said all that it has to say. */
  boolean complete() {
    return complete;
  }

  void headers(boolean endOfStream) {
    complete = endOfStream;
    first.headers(endOfStream);
  }

  void metadata(Map<String, String> elements) {
    first.metadata(elements);
  }

  void body(ByteString chunk, boolean endOfStream) {
    complete |= endOfStream;
    first.body(chunk, endOfStream);
  }

  void trailers(List<Header> list) {
    complete = true;
    trailers = Optional.of(new HeaderMap(list));
    first.trailers();
  }

  private final class OnRequest implements FilterGate.Filter {

    private final Link link;

    OnRequest(Link link) {
      this.link = link;
    }

    @Override
    public long headers(boolean endOfStream) {
      return link.requestHeaders(endOfStream);
    }

    @Override
    public void metadata(int elements) {
      link.requestMetadata(elements);
    }

    @Override
    public long body(int size, boolean endOfStream) {
      return link.requestBody(size, endOfStream);
    }

    @Override
    public long trailers() {
      return link.requestTrailers(trailers.orElseThrow());
    }

    /** What Envoy answers while it calls filters goes out when they have returned. */
    @Override
    public boolean seesTooMuch() {
      return true;
    }
  }

  private final class ToRouter implements Onward {
    @Override
    public void headers(boolean endOfStream) {
      router.requestHeaders(endOfStream);
    }

    @Override
    public void metadata(Map<String, String> elements) {
      router.requestMetadata(elements);
    }

    @Override
    public void body(ByteString chunk, boolean endOfStream) {
      router.requestBody(chunk, endOfStream);
    }

    @Override
    public void trailers() {
      router.requestTrailers(trailers.orElseThrow().headers());
    }
  }
}
