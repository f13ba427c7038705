package dev.nametag.plugin;

import dev.nametag.naming.Selector;

/** The types of Envoy's attributes (Envoy documentation, Attributes), where they are no texts. */
final class Attributes {
  private static final String[] INTEGERS = {
    "request.size", "request.total_size", "request.duration", "request.time",
    "response.code", "response.flags", "response.grpc_status", "response.size",
    "response.total_size", "response.backend_latency", "source.port", "destination.port",
    "upstream.port", "upstream.request_attempt_count", "connection.id", "xds.listener_direction",
  };

  private static final String[] TRUTHS = {"connection.mtls"};

  private static final String[] FORMERLY_BARE = {
    "node",
    "cluster_name",
    "cluster_metadata",
    "route_name",
    "route_metadata",
    "listener_direction",
    "listener_metadata",
    "upstream_host_metadata",
  };

  private Attributes() {}

  /** Returns the type of an attribute; {@code ANY} if it is a text, or of no known type. */
  static Selector.Type type(String dotted) {
    if (isIn(INTEGERS, dotted)) {
      return Selector.Type.INT;
    }
    return isIn(TRUTHS, dotted) ? Selector.Type.BOOL : Selector.Type.ANY;
  }

  /** Returns whether an attribute was not below {@code xds} before Envoy 1.33. */
  static boolean hadNameOfItsOwn(String name) {
    return isIn(FORMERLY_BARE, name);
  }

  private static boolean isIn(String[] names, String name) {
    for (String each : names) {
      if (each.equals(name)) {
        return true;
      }
    }
    return false;
  }
}
