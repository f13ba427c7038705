package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.Map;

/**
 * What the configuration says of the listener that streams come to.
 *
 * @param metadata by namespace, what {@code xds.listener_metadata} leads to
 * @param bufferLimitBytes how much of a body filters can hold, in each direction of a stream:
 *     {@code per_connection_buffer_limit_bytes}; 0 is no limit
 */
public record Listener(
    Direction direction,
    String filterChainName,
    String virtualHostName,
    Map<String, PropertyValue> metadata,
    int bufferLimitBytes) {

  /** Envoy's default for {@code per_connection_buffer_limit_bytes}: 1 MiB. */
  public static final int DEFAULT_BUFFER_LIMIT_BYTES = 1024 * 1024;

  /** A listener about which nothing is said. */
  public static final Listener PLAIN = new Listener(Direction.UNSPECIFIED, "", "", Map.of());

  /** Checks and copies. */
  public Listener {
    metadata = Map.copyOf(metadata);
    if (bufferLimitBytes < 0) {
      throw new IllegalArgumentException("buffer limit: at least 0, not " + bufferLimitBytes);
    }
  }

  /** A listener with Envoy's buffer limit. */
  public Listener(
      Direction direction,
      String filterChainName,
      String virtualHostName,
      Map<String, PropertyValue> metadata) {
    this(direction, filterChainName, virtualHostName, metadata, DEFAULT_BUFFER_LIMIT_BYTES);
  }

  /** The same listener with another buffer limit. */
  public Listener limitedTo(int newBufferLimitBytes) {
    return new Listener(direction, filterChainName, virtualHostName, metadata, newBufferLimitBytes);
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
