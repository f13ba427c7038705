package dev.nametag.hostsim.stream;

/**
 * What Envoy waits for no longer.
 *
 * <p>Source: Envoy source/common/router/router.cc, onResponseTimeout and onPerTryTimeout;
 * source/common/http/conn_manager_impl.cc, onIdleTimeout, onRequestTimeout and
 * onStreamMaxDurationReached; source/common/http/utility.cc, maybeRequestTimeoutCode.
 */
public enum StreamTimeout {
  /** The route's timeout: upstream's whole answer. */
  RESPONSE(ResponseFlag.UPSTREAM_REQUEST_TIMEOUT, "response_timeout", "upstream request timeout"),
  /** The timeout of one try, after which there may be another. */
  PER_TRY(
      ResponseFlag.UPSTREAM_REQUEST_TIMEOUT,
      "upstream_per_try_timeout",
      "upstream request timeout"),
  /** Nothing came from either side. */
  STREAM_IDLE(ResponseFlag.STREAM_IDLE_TIMEOUT, "stream_idle_timeout", "stream timeout"),
  /** The client's whole request. */
  REQUEST(null, "request_overall_timeout", "request timeout"),
  /** The whole stream. */
  MAX_DURATION(null, "max_duration_timeout", "downstream duration timeout");

  private final long flags;
  private final String details;
  private final String body;

  StreamTimeout(ResponseFlag flag, String details, String body) {
    this.flags = flag == null ? 0 : flag.bit();
    this.details = details;
    this.body = body;
  }

  /** 504 when the client has sent all that it had to send, or upstream is at fault; else 408. */
  LocalAnswer answer(boolean requestComplete) {
    boolean gateway = this == RESPONSE || this == PER_TRY || requestComplete;
    return LocalAnswer.of(gateway ? 504 : 408, flags, details, body);
  }
}
