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
 * @param filterStateObjects by key, those whose fields can be read: texts and whole numbers
 */
public record StreamSetup(
    Connection connection,
    Listener listener,
    FilterChain chain,
    Route.Table routes,
    Map<ByteString, PropertyValue> dynamicMetadata,
    Map<ByteString, ByteString> filterState,
    Map<ByteString, PropertyValue.Fields> filterStateObjects) {

  /** Copies. */
  public StreamSetup {
    dynamicMetadata = Map.copyOf(dynamicMetadata);
    filterState = Map.copyOf(filterState);
    filterStateObjects = Map.copyOf(filterStateObjects);
  }

  /** A setup in which no filter state has fields. */
  public StreamSetup(
      Connection connection,
      Listener listener,
      FilterChain chain,
      Route.Table routes,
      Map<ByteString, PropertyValue> dynamicMetadata,
      Map<ByteString, ByteString> filterState) {
    this(connection, listener, chain, routes, dynamicMetadata, filterState, Map.of());
  }

  /** A setup without metadata and filter state. */
  public static StreamSetup of(Connection connection, FilterChain chain, Route.Table routes) {
    return new StreamSetup(connection, Listener.PLAIN, chain, routes, Map.of(), Map.of());
  }

  /** The same with other filters. */
  StreamSetup with(FilterChain other) {
    return new StreamSetup(
        connection, listener, other, routes, dynamicMetadata, filterState, filterStateObjects);
  }

  /** The same at another listener. */
  StreamSetup with(Listener other) {
    return new StreamSetup(
        connection, other, chain, routes, dynamicMetadata, filterState, filterStateObjects);
  }

  /** The same over another connection. */
  StreamSetup with(Connection other) {
    return new StreamSetup(
        other, listener, chain, routes, dynamicMetadata, filterState, filterStateObjects);
  }

  /** The same with other routes. */
  StreamSetup with(Route.Table others) {
    return new StreamSetup(
        connection, listener, chain, others, dynamicMetadata, filterState, filterStateObjects);
  }
}
