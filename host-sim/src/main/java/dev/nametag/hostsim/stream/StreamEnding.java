package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What becomes of a stream. Source of the codes, flags and details: the filters of that name in
 * Envoy source/extensions/filters/http, and source/common/router/router.cc.
 */
public sealed interface StreamEnding {

  /** The same script, in which this becomes of the stream. */
  StreamScript applyTo(StreamScript script);

  /** Where another filter stands in the chain. */
  enum Position {
    /** It sees requests first, so that ours does not see those which it answers. */
    BEFORE_OURS,
    /** It sees requests after ours has let them pass. */
    AFTER_OURS
  }

  /** Upstream answered; headers without {@code :status}. */
  record UpstreamResponse(int code, List<Header> headers) implements StreamEnding {
    public UpstreamResponse {
      headers = List.copyOf(headers);
    }

    @Override
    public StreamScript applyTo(StreamScript script) {
      return script.met(StreamScript.Act.respond(code, headers.toArray(Header[]::new)));
    }
  }

  /** Another filter answered instead of upstream. */
  record LocalReply(Position by, LocalAnswer answer) implements StreamEnding {

    /**
     * An answer without a body.
     *
     * @param flags bits of {@link ResponseFlag}
     * @param details what {@code response.code_details} says
     * @param headers without {@code :status}; one called {@code grpc-status} is what gRPC clients
     *     get, in place of what the code is mapped to
     */
    public LocalReply(Position by, int code, long flags, String details, List<Header> headers) {
      this(
          by,
          new LocalAnswer(code, flags, details, headers, ByteString.EMPTY, grpcStatus(headers)));
    }

    private static OptionalInt grpcStatus(List<Header> headers) {
      return headers.stream()
          .filter(header -> header.name().toString().equals("grpc-status"))
          .mapToInt(header -> Integer.parseInt(header.value().toString()))
          .findFirst();
    }

    @Override
    public StreamScript applyTo(StreamScript script) {
      List<StreamFilter> filter = List.of(Filters.answering(answer));
      return script.through(
          by == Position.BEFORE_OURS
              ? new FilterChain(filter, List.of())
              : new FilterChain(List.of(), filter));
    }
  }

  /**
   * Upstream answered, and then something broke the stream off: the client left or stalled, a
   * timeout struck. The code stays upstream's, the details do not.
   *
   * @param code of upstream's response
   * @param flags bits of {@link ResponseFlag}
   * @param details what {@code response.code_details} says in the end
   */
  record BrokenOff(int code, long flags, String details) implements StreamEnding {
    @Override
    public StreamScript applyTo(StreamScript script) {
      return script
          .met(StreamScript.Act.respond(code).then(new StreamScript.After.Stall()))
          .then(new StreamScript.Interruption.ClientGone(flags, details));
    }
  }

  /** The client left before there was a response. */
  record ClientLeft() implements StreamEnding {
    @Override
    public StreamScript applyTo(StreamScript script) {
      return script.then(StreamScript.Interruption.clientLeaves());
    }
  }

  /** No route matched. */
  record NoRoute() implements StreamEnding {
    @Override
    public StreamScript applyTo(StreamScript script) {
      return script.routed(headers -> Optional.empty());
    }
  }

  /**
   * Upstream broke off before it answered.
   *
   * @param flag why, such as UF or UC
   * @param reason what stands between braces in the details, such as {@code connection_failure}
   */
  record UpstreamReset(ResponseFlag flag, String reason) implements StreamEnding {
    @Override
    public StreamScript applyTo(StreamScript script) {
      return script.met(
          new StreamScript.Act.Break(new UpstreamFailure(flag, reason.replace('_', ' '))));
    }
  }

  /** Upstream answered with that code and no headers of note. */
  static StreamEnding upstream(int code) {
    return new UpstreamResponse(code, List.of());
  }

  /** The global rate limit filter said no. */
  static StreamEnding rateLimited(Position by) {
    return new LocalReply(by, Filters.rateLimited());
  }

  /** The local rate limit filter said no. */
  static StreamEnding locallyRateLimited(Position by) {
    return new LocalReply(by, Filters.locallyRateLimited());
  }

  /** The external authorisation service said no. */
  static StreamEnding extAuthzDenied(Position by) {
    return new LocalReply(by, Filters.extAuthzDenied(403, ""));
  }

  /** The request had no token. */
  static StreamEnding jwtMissing(Position by) {
    return new LocalReply(by, Filters.jwtDenied(401, "Jwt is missing"));
  }

  /** No policy of role based access control let the request pass. */
  static StreamEnding rbacDenied(Position by) {
    return new LocalReply(by, Filters.rbacDenied("none"));
  }

  /**
   * Kuadrant's filter, a Wasm module after ours, answered with 429, 401 or 403: no flags, empty
   * details. Source: Kuadrant wasm-shim; that the details are empty is derived from the Rust SDK,
   * which passes none.
   */
  static StreamEnding kuadrantDenied(int code) {
    return new LocalReply(Position.AFTER_OURS, code, 0, "", List.of());
  }

  /** Upstream could not be reached. */
  static StreamEnding upstreamUnreachable() {
    return new UpstreamReset(ResponseFlag.UPSTREAM_CONNECTION_FAILURE, "remote_connection_failure");
  }

  /** Upstream closed the connection before it answered. */
  static StreamEnding upstreamClosed() {
    return new UpstreamReset(
        ResponseFlag.UPSTREAM_CONNECTION_TERMINATION, "connection_termination");
  }
}
