package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stream as data: what the client sent, what other filters left behind, what became of it.
 *
 * @param requestHeaders in order, pseudo headers first
 * @param dynamicMetadata by namespace, as the filters before and after ours leave it
 * @param filterState by key; a CelState that another Wasm module set has a key with {@code wasm.}
 *     in front
 * @param filterStateObjects by key, those whose fields can be read
 * @param routeName empty when the route has no name; without effect when no route matches
 * @param sourceAddress of the client, {@code ip:port}
 */
public record StreamScenario(
    List<Header> requestHeaders,
    Map<ByteString, PropertyValue> dynamicMetadata,
    Map<ByteString, ByteString> filterState,
    Map<ByteString, PropertyValue.Fields> filterStateObjects,
    String routeName,
    String clusterName,
    String sourceAddress,
    StreamEnding ending) {

  private static final String UPSTREAM_ADDRESS = "10.0.0.2:8080";

  public StreamScenario {
    requestHeaders = List.copyOf(requestHeaders);
    dynamicMetadata = Map.copyOf(dynamicMetadata);
    filterState = Map.copyOf(filterState);
    filterStateObjects = Map.copyOf(filterStateObjects);
  }

  /** A builder of a GET of {@code /} that upstream answers with 200. */
  public static Builder builder() {
    return new Builder();
  }

  /** The scenario step by step. */
  public StreamScript script() {
    return ending.applyTo(
        StreamScript.of(
            new StreamSetup(
                Connection.plain(sourceAddress),
                Listener.PLAIN,
                FilterChain.OURS_ALONE,
                headers ->
                    Optional.of(
                        Route.to(Route.Cluster.of(clusterName, UPSTREAM_ADDRESS)).named(routeName)),
                dynamicMetadata,
                filterState,
                filterStateObjects),
            requestHeaders));
  }

  /** Collects a scenario. */
  public static final class Builder {

    private final List<Header> headers = new ArrayList<>();
    private final Map<ByteString, PropertyValue> metadata = new LinkedHashMap<>();
    private final Map<ByteString, ByteString> filterState = new LinkedHashMap<>();
    private final Map<ByteString, PropertyValue.Fields> filterStateObjects = new LinkedHashMap<>();
    private String method = "GET";
    private String path = "/";
    private String authority = "localhost";
    private String routeName = "";
    private String clusterName = "upstream";
    private String sourceAddress = "127.0.0.1:50000";
    private StreamEnding ending = StreamEnding.upstream(200);

    private Builder() {}

    /** Sets {@code :method}. */
    public Builder method(String method) {
      this.method = method;
      return this;
    }

    /** Sets {@code :path}, with its query. */
    public Builder path(String path) {
      this.path = path;
      return this;
    }

    /** Sets {@code :authority}. */
    public Builder authority(String authority) {
      this.authority = authority;
      return this;
    }

    /** Adds a request header after those that are there. */
    public Builder requestHeader(String name, String value) {
      headers.add(Header.of(name, value));
      return this;
    }

    /** Adds a request header after those that are there; the value may be any bytes. */
    public Builder requestHeader(String name, byte[] value) {
      headers.add(new Header(ByteString.utf8(name), ByteString.of(value)));
      return this;
    }

    /**
     * Sets the metadata of a namespace.
     *
     * @param fields what {@link PropertyValue#ofStruct} takes
     */
    public Builder dynamicMetadata(String namespace, Map<String, ?> fields) {
      metadata.put(ByteString.utf8(namespace), PropertyValue.ofStruct(fields));
      return this;
    }

    /** Sets filter state under that very key. */
    public Builder filterState(String key, byte[] value) {
      filterState.put(ByteString.utf8(key), ByteString.of(value));
      return this;
    }

    /** Sets filter state of text under that very key. */
    public Builder filterState(String key, String value) {
      filterState.put(ByteString.utf8(key), ByteString.utf8(value));
      return this;
    }

    /**
     * Sets filter state with fields, such as {@code latency_us} of {@code
     * envoy.filters.http.ext_authz}.
     *
     * @param fields texts, and whole numbers as Integer or Long
     * @throws IllegalArgumentException for other values
     */
    public Builder filterStateObject(String key, Map<String, ?> fields) {
      Map<ByteString, PropertyValue> values = new LinkedHashMap<>();
      fields.forEach((name, value) -> values.put(ByteString.utf8(name), field(name, value)));
      filterStateObjects.put(ByteString.utf8(key), new PropertyValue.Fields(values));
      return this;
    }

    private static PropertyValue field(String name, Object value) {
      if (value instanceof Long || value instanceof Integer) {
        return new PropertyValue.Int(((Number) value).longValue());
      }
      if (value instanceof String text) {
        return PropertyValue.text(text);
      }
      throw new IllegalArgumentException(name + ": a text or a whole number, not " + value);
    }

    /** Sets the name of the route. */
    public Builder routeName(String name) {
      routeName = name;
      return this;
    }

    /** Sets the name of the cluster that the route leads to. */
    public Builder clusterName(String name) {
      clusterName = name;
      return this;
    }

    /** Sets the address of the client, {@code ip:port}. */
    public Builder sourceAddress(String address) {
      sourceAddress = address;
      return this;
    }

    /** Sets what becomes of the stream. */
    public Builder ending(StreamEnding ending) {
      this.ending = ending;
      return this;
    }

    /** The scenario. */
    public StreamScenario build() {
      List<Header> all = new ArrayList<>();
      all.add(Header.of(":authority", authority));
      all.add(Header.of(":path", path));
      all.add(Header.of(":method", method));
      all.add(Header.of(":scheme", "http"));
      all.addAll(headers);
      return new StreamScenario(
          all,
          metadata,
          filterState,
          filterStateObjects,
          routeName,
          clusterName,
          sourceAddress,
          ending);
    }
  }
}
