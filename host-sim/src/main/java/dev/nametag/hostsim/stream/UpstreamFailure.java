package dev.nametag.hostsim.stream;

/**
 * Why an upstream broke off.
 *
 * <p>Source: Envoy source/common/http/utility.cc, resetReasonToString, and
 * source/common/router/router.cc, streamResetReasonToResponseFlag.
 *
 * @param reason as it stands in the body of the answer; in the details, spaces are underscores
 */
public record UpstreamFailure(ResponseFlag flag, String reason) {

  /** No connection came about: the upstream refused. */
  public static final UpstreamFailure REMOTE_CONNECTION_FAILURE =
      new UpstreamFailure(ResponseFlag.UPSTREAM_CONNECTION_FAILURE, "remote connection failure");

  /** No connection came about in time. */
  public static final UpstreamFailure CONNECTION_TIMEOUT =
      new UpstreamFailure(ResponseFlag.UPSTREAM_CONNECTION_FAILURE, "connection timeout");

  /** The upstream closed the connection. */
  public static final UpstreamFailure CONNECTION_TERMINATION =
      new UpstreamFailure(ResponseFlag.UPSTREAM_CONNECTION_TERMINATION, "connection termination");

  /** The upstream reset the stream. */
  public static final UpstreamFailure REMOTE_RESET =
      new UpstreamFailure(ResponseFlag.UPSTREAM_REMOTE_RESET, "remote reset");

  /** Envoy's own end reset the stream. */
  public static final UpstreamFailure LOCAL_RESET =
      new UpstreamFailure(ResponseFlag.LOCAL_RESET, "local reset");

  /** A circuit breaker was open. */
  public static final UpstreamFailure OVERFLOW =
      new UpstreamFailure(ResponseFlag.UPSTREAM_OVERFLOW, "overflow");

  /** The upstream did not keep to the protocol. */
  public static final UpstreamFailure PROTOCOL_ERROR =
      new UpstreamFailure(ResponseFlag.UPSTREAM_PROTOCOL_ERROR, "protocol error");

  /**
   * What the client is answered, if there is still something to answer. Source: Envoy
   * source/common/router/router.cc, onUpstreamReset.
   */
  public LocalAnswer answer(boolean responseStarted, boolean retried, long moreFlags) {
    String details =
        (responseStarted
                ? "upstream_reset_after_response_started{"
                : "upstream_reset_before_response_started{")
            + reason.replace(' ', '_')
            + "}";
    LocalAnswer answer =
        LocalAnswer.of(
            flag == ResponseFlag.UPSTREAM_PROTOCOL_ERROR ? 502 : 503,
            flag.bit() | moreFlags,
            details,
            "upstream connect error or disconnect/reset before headers. "
                + (retried ? "retried and the latest " : "")
                + "reset reason: "
                + reason);
    return flag == ResponseFlag.UPSTREAM_OVERFLOW
        ? answer.withHeader("x-envoy-overloaded", "true")
        : answer;
  }
}
