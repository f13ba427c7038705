package dev.nametag.hostsim.stream;

import java.util.EnumSet;
import java.util.Set;

/**
 * When the router tries again. Envoy waits between tries; the simulator does not.
 *
 * <p>Source: Envoy source/common/router/retry_state_impl.cc, wouldRetryFromHeaders and
 * wouldRetryFromReset.
 *
 * @param retries at most, after the first try
 */
public record RetryPolicy(int retries, Set<On> on) {

  /** Never. */
  public static final RetryPolicy NONE = new RetryPolicy(0, Set.of());

  /** What is worth another try: values of {@code retry_on}. */
  public enum On {
    /** {@code 5xx}: such a code, a reset, a failed connection, a timeout of one try. */
    FIVE_XX,
    /** {@code gateway-error}: 502, 503, 504, a timeout of one try. */
    GATEWAY_ERROR,
    /** {@code reset}: upstream broke off before it answered. */
    RESET,
    /** {@code connect-failure}: no connection came about. */
    CONNECT_FAILURE,
    /** {@code retriable-4xx}: 409. */
    RETRIABLE_4XX
  }

  /** Copies. */
  public RetryPolicy {
    on = Set.copyOf(on);
  }

  /** So many retries for these reasons. */
  public static RetryPolicy of(int retries, On first, On... others) {
    return new RetryPolicy(retries, EnumSet.of(first, others));
  }

  boolean wants(int code) {
    return (code >= 500 && code <= 599 && on.contains(On.FIVE_XX))
        || (code >= 502 && code <= 504 && on.contains(On.GATEWAY_ERROR))
        || (code == 409 && on.contains(On.RETRIABLE_4XX));
  }

  boolean wants(UpstreamFailure failure) {
    return on.contains(On.FIVE_XX)
        || on.contains(On.RESET)
        || (on.contains(On.CONNECT_FAILURE)
            && failure.flag() == ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
  }
}
