package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.Map;

/**
 * What the configuration says of the listener that streams come to.
 *
 * @param metadata by namespace, what {@code xds.listener_metadata} leads to
 */
public record Listener(
    Direction direction,
    String filterChainName,
    String virtualHostName,
    Map<String, PropertyValue> metadata) {

  /** A listener about which nothing is said. */
  public static final Listener PLAIN = new Listener(Direction.UNSPECIFIED, "", "", Map.of());

  /** Copies. */
  public Listener {
    metadata = Map.copyOf(metadata);
  }

  /**
   * Which way the traffic of a listener goes. Source: Envoy api/envoy/config/core/v3/base.proto,
   * TrafficDirection.
   */
  public enum Direction {
    UNSPECIFIED(0),
    INBOUND(1),
    OUTBOUND(2);

    private final int number;

    Direction(int number) {
      this.number = number;
    }

    /** The value of {@code xds.listener_direction}. */
    public int number() {
      return number;
    }
  }
}
