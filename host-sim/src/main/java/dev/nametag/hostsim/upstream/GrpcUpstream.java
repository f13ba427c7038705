package dev.nametag.hostsim.upstream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A cluster that speaks gRPC. Asked in the thread of the worker; must not use the Envoy. */
@FunctionalInterface
public interface GrpcUpstream {

  /**
   * What comes back for a call, for the beginning of a stream, and for each message in it.
   *
   * @param request with a message, except at the beginning of a stream
   */
  Answer answer(Request request);

  /**
   * What a module sends.
   *
   * @param message without gRPC's frame
   * @param endOfStream whether the module sends nothing after it
   */
  record Request(
      String cluster,
      String service,
      String method,
      List<Header> metadata,
      Optional<ByteString> message,
      boolean endOfStream) {
    public Request {
      metadata = List.copyOf(metadata);
    }
  }

  /**
   * What comes back, in this order, after some time. A call sees of it only its first message, or a
   * status that is not 0.
   */
  record Answer(Duration after, List<Event> events) {
    public Answer {
      events = List.copyOf(events);
    }
  }

  /** One thing that comes back. */
  sealed interface Event {}

  /** The headers of the response. */
  record InitialMetadata(List<Header> metadata) implements Event {
    public InitialMetadata {
      metadata = List.copyOf(metadata);
    }
  }

  /** A message without gRPC's frame. */
  record Message(ByteString bytes) implements Event {}

  /** The trailers of the response. */
  record TrailingMetadata(List<Header> metadata) implements Event {
    public TrailingMetadata {
      metadata = List.copyOf(metadata);
    }
  }

  /** The end, with a status of gRPC. */
  record Close(int status, String message) implements Event {}

  /** An answer that comes at once. */
  static Answer at(Event... events) {
    return new Answer(Duration.ZERO, List.of(events));
  }
}
