package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.stream.LocalAnswer;
import dev.nametag.hostsim.stream.Route;
import dev.nametag.hostsim.stream.UpstreamHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds routes. Source: Envoy source/common/router/config_impl.cc, for redirects newUri and
 * api/envoy/config/route/v3/route_components.proto.
 */
final class Routes {

  private static final ByteString PATH = ByteString.utf8(":path");
  private static final ByteString AUTHORITY = ByteString.utf8(":authority");
  private static final ByteString METHOD = ByteString.utf8(":method");
  private static final Route.Cluster NONE = Route.Cluster.of("", "0.0.0.0:0");

  private final List<Entry> entries = new ArrayList<>();

  /** A route and what the stream does not know of it. */
  record Entry(RouteSettings settings, Route route) {}

  Routes(GatewaySettings settings) {
    Map<String, Route.Cluster> clusters = new HashMap<>();
    settings.clusters().forEach((name, cluster) -> clusters.put(name, cluster(name, cluster)));
    for (RouteSettings route : settings.routes()) {
      entries.add(new Entry(route, route(route, clusters)));
    }
  }

  private static Route.Cluster cluster(String name, ClusterSettings settings) {
    String address =
        settings instanceof ClusterSettings.Server server
            ? server.host() + ":" + server.port()
            : "127.0.0.1:0";
    boolean healthy = !(settings instanceof ClusterSettings.Unhealthy);
    return new Route.Cluster(name, UpstreamHost.at(address), healthy, Map.of());
  }

  private static Route route(RouteSettings settings, Map<String, Route.Cluster> clusters) {
    if (settings.action() instanceof RouteSettings.Forward forward) {
      return Route.to(clusters.get(forward.cluster()))
          .named(settings.name())
          .retrying(settings.retries());
    }
    Route local = Route.to(NONE).named(settings.name());
    return settings.action() instanceof RouteSettings.DirectResponse direct
        ? local.answering(direct.status(), direct.body())
        : local;
  }

  /** The first route that takes a request. */
  Optional<Entry> match(HeaderMap headers) {
    Optional<String> path = headers.first(PATH).map(ByteString::toString);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    for (Entry entry : entries) {
      if (takes(entry.settings().match(), path.get(), headers)) {
        return Optional.of(
            entry.settings().action() instanceof RouteSettings.Redirect redirect
                ? new Entry(entry.settings(), redirecting(entry, redirect, path.get(), headers))
                : entry);
      }
    }
    return Optional.empty();
  }

  private static boolean takes(RouteSettings.Match match, String path, HeaderMap headers) {
    return match.prefix().map(path::startsWith).orElse(true)
        && match.path().map(withoutQuery(path)::equals).orElse(true)
        && match.host().map(host -> host.equalsIgnoreCase(host(headers))).orElse(true)
        && match.method().map(text(headers, METHOD)::equals).orElse(true);
  }

  private static Route redirecting(
      Entry entry, RouteSettings.Redirect redirect, String path, HeaderMap headers) {
    String location =
        "http://" + redirect.host().orElse(text(headers, AUTHORITY)) + redirect.path().orElse(path);
    Route route = entry.route();
    return new Route(
        route.name(),
        route.cluster(),
        route.metadata(),
        Optional.of(
            LocalAnswer.of(redirect.code(), 0, "direct_response", "")
                .withHeader("location", location)),
        route.retries(),
        route.internalRedirects(),
        route.upgrades());
  }

  static String withoutQuery(String path) {
    int mark = path.indexOf('?');
    return mark < 0 ? path : path.substring(0, mark);
  }

  private static String host(HeaderMap headers) {
    String authority = text(headers, AUTHORITY);
    int port = authority.lastIndexOf(':');
    return port < 0 || authority.endsWith("]") ? authority : authority.substring(0, port);
  }

  private static String text(HeaderMap headers, ByteString name) {
    return headers.first(name).map(ByteString::toString).orElse("");
  }
}
