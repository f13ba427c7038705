package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.Map;

/**
 * All that is settled before a stream's first byte.
 *
 * @param dynamicMetadata by namespace, there from the start
 * @param filterState by key, there from the start; a CelState that another Wasm module set has a
 *     key with {@code wasm.} in front
 */
public record StreamSetup(
    Connection connection,
    Listener listener,
    FilterChain chain,
    Route.Table routes,
    Map<ByteString, PropertyValue> dynamicMetadata,
    Map<ByteString, ByteString> filterState) {

  /** Copies. */
  public StreamSetup {
    dynamicMetadata = Map.copyOf(dynamicMetadata);
    filterState = Map.copyOf(filterState);
  }

  /** A setup without metadata and filter state. */
  public static StreamSetup of(Connection connection, FilterChain chain, Route.Table routes) {
    return new StreamSetup(connection, Listener.PLAIN, chain, routes, Map.of(), Map.of());
  }
}
