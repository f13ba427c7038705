package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.stream.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * A route.
 *
 * @param name as {@code xds.route_name} gives it; may be empty
 * @param timeout for upstream's whole answer, from the end of the request; empty for none
 */
public record RouteSettings(
    String name, Match match, Action action, Optional<Duration> timeout, RetryPolicy retries) {

  /** Envoy's default for the timeout of a route. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  /** A route for all requests, as Envoy has it by default. */
  public static RouteSettings all(String name, String cluster) {
    return new RouteSettings(
        name, Match.ALL, new Forward(cluster), Optional.of(DEFAULT_TIMEOUT), RetryPolicy.NONE);
  }

  /**
   * Which requests a route takes; what is empty takes all.
   *
   * @param prefix of the path
   * @param path the whole of it, without the query
   * @param host without regard to case and port
   * @param method such as {@code GET}
   */
  public record Match(
      Optional<String> prefix,
      Optional<String> path,
      Optional<String> host,
      Optional<String> method) {

    /** Takes all requests. */
    public static final Match ALL =
        new Match(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** What a route does. */
  public sealed interface Action {}

  /** It sends requests to a cluster. */
  public record Forward(String cluster) implements Action {}

  /** It answers them. */
  public record DirectResponse(int status, String body) implements Action {}

  /**
   * It sends clients elsewhere.
   *
   * @param code 301, 302, 303, 307 or 308
   * @param host in place of the request's
   * @param path in place of the request's
   */
  public record Redirect(int code, Optional<String> host, Optional<String> path)
      implements Action {}
}
