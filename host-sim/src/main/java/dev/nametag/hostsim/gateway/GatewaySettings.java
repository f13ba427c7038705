package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.stream.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a gateway does with requests.
 *
 * @param routes the first that matches a request counts; a request that none matches gets 404
 * @param clusters by the names that routes use; each that a route names is there
 * @param beforeOurs the filters that requests meet before ours, in order
 * @param afterOurs those that they meet after it
 * @param streamIdleTimeout after which a stream without any progress is given up; empty for never
 * @param idleTimeout after which a client's connection without a stream is closed; empty for never
 * @param bufferLimitBytes how much of a body filters can hold, in each direction; 0 is no limit
 */
public record GatewaySettings(
    List<RouteSettings> routes,
    Map<String, ClusterSettings> clusters,
    List<FilterSettings> beforeOurs,
    List<FilterSettings> afterOurs,
    Optional<Duration> streamIdleTimeout,
    Optional<Duration> idleTimeout,
    int bufferLimitBytes) {

  /** Envoy's default for {@code stream_idle_timeout}. */
  public static final Duration DEFAULT_STREAM_IDLE_TIMEOUT = Duration.ofMinutes(5);

  /** Envoy's default for {@code idle_timeout}, of clients' connections and those to upstreams. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofHours(1);

  /** Settings with Envoy's defaults for connections. */
  public GatewaySettings(
      List<RouteSettings> routes,
      Map<String, ClusterSettings> clusters,
      List<FilterSettings> beforeOurs,
      List<FilterSettings> afterOurs,
      Optional<Duration> streamIdleTimeout) {
    this(
        routes,
        clusters,
        beforeOurs,
        afterOurs,
        streamIdleTimeout,
        Optional.of(DEFAULT_IDLE_TIMEOUT),
        Listener.DEFAULT_BUFFER_LIMIT_BYTES);
  }

  /** Copies and checks that routes lead to clusters. */
  public GatewaySettings {
    routes = List.copyOf(routes);
    clusters = Map.copyOf(clusters);
    beforeOurs = List.copyOf(beforeOurs);
    afterOurs = List.copyOf(afterOurs);
    for (RouteSettings route : routes) {
      if (route.action() instanceof RouteSettings.Forward forward
          && !clusters.containsKey(forward.cluster())) {
        throw new IllegalArgumentException("no cluster is called " + forward.cluster());
      }
    }
  }

  /** All requests go to one cluster, through no other filter than ours. */
  public static GatewaySettings to(String name, ClusterSettings cluster) {
    return new GatewaySettings(
        List.of(RouteSettings.all("default", name)),
        Map.of(name, cluster),
        List.of(),
        List.of(),
        Optional.of(DEFAULT_STREAM_IDLE_TIMEOUT));
  }

  /** The same with other filters around ours. */
  public GatewaySettings through(List<FilterSettings> before, List<FilterSettings> after) {
    return new GatewaySettings(
        routes, clusters, before, after, streamIdleTimeout, idleTimeout, bufferLimitBytes);
  }

  /** The same with another buffer limit. */
  public GatewaySettings limitedTo(int newBufferLimitBytes) {
    return new GatewaySettings(
        routes,
        clusters,
        beforeOurs,
        afterOurs,
        streamIdleTimeout,
        idleTimeout,
        newBufferLimitBytes);
  }

  /** The same with another time after which clients' connections without a stream are closed. */
  public GatewaySettings closingIdle(Optional<Duration> newIdleTimeout) {
    return new GatewaySettings(
        routes,
        clusters,
        beforeOurs,
        afterOurs,
        streamIdleTimeout,
        newIdleTimeout,
        bufferLimitBytes);
  }
}
