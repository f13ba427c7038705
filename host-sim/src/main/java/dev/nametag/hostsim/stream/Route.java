package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where requests that match go, and what the router does for them.
 *
 * @param name empty when the route has none
 * @param metadata by namespace, what {@code xds.route_metadata} leads to
 * @param directAnswer answered in place of going upstream
 * @param internalRedirects how many redirects of the upstream the router follows by itself
 * @param upgrades such as {@code websocket}: what may follow HTTP on the connection
 */
public record Route(
    String name,
    Cluster cluster,
    Map<String, PropertyValue> metadata,
    Optional<LocalAnswer> directAnswer,
    RetryPolicy retries,
    int internalRedirects,
    List<String> upgrades) {

  /** Copies. */
  public Route {
    metadata = Map.copyOf(metadata);
    upgrades = List.copyOf(upgrades);
  }

  /** A route without a name or any other trait. */
  public static Route to(Cluster cluster) {
    return new Route("", cluster, Map.of(), Optional.empty(), RetryPolicy.NONE, 0, List.of());
  }

  /** The same route with a name. */
  public Route named(String newName) {
    return new Route(
        newName, cluster, metadata, directAnswer, retries, internalRedirects, upgrades);
  }

  /** The same route with metadata; the values are what {@link PropertyValue#ofStruct} takes. */
  public Route withMetadata(String namespace, Map<String, ?> fields) {
    return new Route(
        name,
        cluster,
        Map.of(namespace, PropertyValue.ofStruct(fields)),
        directAnswer,
        retries,
        internalRedirects,
        upgrades);
  }

  /**
   * The same route, answered by Envoy itself. Source: Envoy source/common/router/router.cc,
   * Filter::decodeHeaders.
   */
  public Route answering(int code, String body) {
    LocalAnswer answer = LocalAnswer.of(code, 0, "direct_response", body);
    return new Route(
        name, cluster, metadata, Optional.of(answer), retries, internalRedirects, upgrades);
  }

  /** The same route with retries. */
  public Route retrying(RetryPolicy policy) {
    return new Route(name, cluster, metadata, directAnswer, policy, internalRedirects, upgrades);
  }

  /** The same route, on which so many redirects are followed. */
  public Route followingRedirects(int most) {
    return new Route(name, cluster, metadata, directAnswer, retries, most, upgrades);
  }

  /** The same route, which lets these upgrades through. */
  public Route upgrading(String... values) {
    return new Route(
        name, cluster, metadata, directAnswer, retries, internalRedirects, List.of(values));
  }

  /** Finds the route of a request. */
  @FunctionalInterface
  public interface Table {

    /** The route; none when the request is to be answered with 404. */
    Optional<Route> match(HeaderMap requestHeaders);
  }

  /**
   * A group of upstream hosts, of which the simulator uses one.
   *
   * @param healthy whether there is a host that can be used
   * @param metadata by namespace, what {@code xds.cluster_metadata} leads to
   */
  public record Cluster(
      String name, UpstreamHost host, boolean healthy, Map<String, PropertyValue> metadata) {

    /** Copies. */
    public Cluster {
      metadata = Map.copyOf(metadata);
    }

    /** A healthy cluster without metadata. */
    public static Cluster of(String name, String hostAddress) {
      return new Cluster(name, UpstreamHost.at(hostAddress), true, Map.of());
    }
  }
}
