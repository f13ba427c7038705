package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.List;
import java.util.Optional;

/**
 * All that the client, upstream and the clock do in a stream, as data. Upstream speaks when the
 * client has said what it has to say; then come the interruptions, one after the other, as long as
 * the stream lasts; a client that is left waiting at the end leaves.
 *
 * @param headers of the request, in order, pseudo headers first
 * @param body in parts; an empty list is no body
 * @param metadata frames in the order in which they come; over HTTP/2 or HTTP/3 only
 * @param unfinished whether the client leaves the end of its request open, as with an upgrade
 * @param upstream what upstream does in each try; it is silent in those that are not listed
 */
public record StreamScript(
    StreamSetup setup,
    List<Header> headers,
    List<ByteString> body,
    List<MetadataFrame> metadata,
    Optional<List<Header>> trailers,
    boolean unfinished,
    List<Act> upstream,
    List<Interruption> interruptions) {

  /** Copies. */
  public StreamScript {
    headers = List.copyOf(headers);
    body = List.copyOf(body);
    metadata = List.copyOf(metadata);
    trailers = trailers.map(List::copyOf);
    upstream = List.copyOf(upstream);
    interruptions = List.copyOf(interruptions);
  }

  /** A request without a body that upstream leaves unanswered. */
  public static StreamScript of(StreamSetup setup, List<Header> headers) {
    return new StreamScript(
        setup, headers, List.of(), List.of(), Optional.empty(), false, List.of(), List.of());
  }

  /** The same through other filters. */
  public StreamScript through(FilterChain chain) {
    return in(setup.with(chain));
  }

  /** The same with other routes. */
  public StreamScript routed(Route.Table routes) {
    return in(setup.with(routes));
  }

  /** The same at another listener. */
  public StreamScript on(Listener listener) {
    return in(setup.with(listener));
  }

  /** The same over another connection. */
  public StreamScript over(Connection connection) {
    return in(setup.with(connection));
  }

  private StreamScript in(StreamSetup other) {
    return new StreamScript(
        other, headers, body, metadata, trailers, unfinished, upstream, interruptions);
  }

  /** The same with a body. */
  public StreamScript sending(ByteString... chunks) {
    return new StreamScript(
        setup, headers, List.of(chunks), metadata, trailers, unfinished, upstream, interruptions);
  }

  /** The same with frames of metadata. */
  public StreamScript telling(MetadataFrame... frames) {
    return new StreamScript(
        setup, headers, body, List.of(frames), trailers, unfinished, upstream, interruptions);
  }

  /** The same with trailers of the request. */
  public StreamScript endingWith(Header... requestTrailers) {
    return new StreamScript(
        setup,
        headers,
        body,
        metadata,
        Optional.of(List.of(requestTrailers)),
        unfinished,
        upstream,
        interruptions);
  }

  /** The same, with the request left open. */
  public StreamScript leftOpen() {
    return new StreamScript(
        setup, headers, body, metadata, trailers, true, upstream, interruptions);
  }

  /** The same with what upstream does, try by try. */
  public StreamScript met(Act... acts) {
    return new StreamScript(
        setup, headers, body, metadata, trailers, unfinished, List.of(acts), interruptions);
  }

  /** The same with interruptions. */
  public StreamScript then(Interruption... those) {
    return new StreamScript(
        setup, headers, body, metadata, trailers, unfinished, upstream, List.of(those));
  }

  /** What upstream does in a try. */
  public sealed interface Act {

    /**
     * Upstream answers.
     *
     * @param informational codes of interim responses
     * @param headers without {@code :status}
     * @param body in parts; an empty list is no body
     * @param metadata frames in the order in which they come
     * @param trailers after which the response ends
     * @param after what comes when all that was sent
     */
    record Respond(
        List<Integer> informational,
        int code,
        List<Header> headers,
        List<ByteString> body,
        List<MetadataFrame> metadata,
        Optional<List<Header>> trailers,
        After after)
        implements Act {

      /** Copies. */
      public Respond {
        informational = List.copyOf(informational);
        headers = List.copyOf(headers);
        body = List.copyOf(body);
        metadata = List.copyOf(metadata);
        trailers = trailers.map(List::copyOf);
      }

      /** An answer with a body. */
      public Respond with(ByteString... chunks) {
        return new Respond(
            informational, code, headers, List.of(chunks), metadata, trailers, after);
      }

      /** An answer with frames of metadata. */
      public Respond telling(MetadataFrame... frames) {
        return new Respond(informational, code, headers, body, List.of(frames), trailers, after);
      }

      /** An answer with trailers. */
      public Respond endingWith(Header... those) {
        return new Respond(
            informational, code, headers, body, metadata, Optional.of(List.of(those)), after);
      }

      /** An answer without an end. */
      public Respond then(After newAfter) {
        return new Respond(informational, code, headers, body, metadata, trailers, newAfter);
      }

      /** An answer after interim ones. */
      public Respond after(Integer... codes) {
        return new Respond(List.of(codes), code, headers, body, metadata, trailers, after);
      }
    }

    /** Upstream breaks off. */
    record Break(UpstreamFailure failure) implements Act {}

    /** Upstream says nothing. */
    record Silence() implements Act {}

    /** An answer of that code, and headers without {@code :status}. */
    static Respond respond(int code, Header... headers) {
      return new Respond(
          List.of(),
          code,
          List.of(headers),
          List.of(),
          List.of(),
          Optional.empty(),
          new After.End());
    }
  }

  /** What comes when upstream has sent what it has to send. */
  public sealed interface After {

    /** The end of the response. */
    record End() implements After {}

    /** Nothing. */
    record Stall() implements After {}

    /** Upstream breaks off. */
    record Break(UpstreamFailure failure) implements After {}
  }

  /** What breaks a stream off from outside. */
  public sealed interface Interruption {

    /**
     * The client goes.
     *
     * @param flags bits of {@link ResponseFlag}
     */
    record ClientGone(long flags, String details) implements Interruption {}

    /** Envoy waits no longer. */
    record TimedOut(StreamTimeout timeout) implements Interruption {}

    /** The client closes its connection. */
    static Interruption clientLeaves() {
      return new ClientGone(
          ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION.bit(), "downstream_remote_disconnect");
    }
  }
}
