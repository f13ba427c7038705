package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request: what the client sends and what other filters leave behind. The last word says what
 * becomes of it, and runs it.
 */
public final class Request {

  private final SimulatedEnvoy envoy;
  private final TestLog log;
  private final StreamScenario.Builder scenario = StreamScenario.builder();
  private final List<Header> responseHeaders = new ArrayList<>();

  Request(SimulatedEnvoy envoy, TestLog log) {
    this.envoy = envoy;
    this.log = log;
  }

  /** Makes it a GET of that path, with its query. */
  public Request get(String path) {
    return method("GET", path);
  }

  /** Makes it a POST to that path, with its query. */
  public Request post(String path) {
    return method("POST", path);
  }

  /** Sets {@code :method} and {@code :path}. */
  public Request method(String method, String path) {
    scenario.method(method).path(path);
    return this;
  }

  /** Sets {@code :authority}. */
  public Request authority(String authority) {
    scenario.authority(authority);
    return this;
  }

  /** Adds a request header. */
  public Request header(String name, String value) {
    scenario.requestHeader(name, value);
    return this;
  }

  /**
   * Sets the dynamic metadata that another filter leaves in a namespace: texts, numbers, booleans,
   * lists and maps.
   */
  public Request metadata(String namespace, Map<String, ?> fields) {
    scenario.dynamicMetadata(namespace, fields);
    return this;
  }

  /** Sets filter state that another filter leaves; of a Wasm module, the key begins with wasm. */
  public Request filterState(String key, String value) {
    scenario.filterState(key, value);
    return this;
  }

  /** Sets the name of the route. */
  public Request route(String name) {
    scenario.routeName(name);
    return this;
  }

  /** Sets the name of the cluster that the route leads to. */
  public Request cluster(String name) {
    scenario.clusterName(name);
    return this;
  }

  /** Sets the address of the client, {@code ip:port}. */
  public Request from(String address) {
    scenario.sourceAddress(address);
    return this;
  }

  /** Adds a header of upstream's response; only {@link #answered} has one. */
  public Request responseHeader(String name, String value) {
    responseHeaders.add(Header.of(name, value));
    return this;
  }

  /** Runs the request; upstream answers it with that code. */
  public StreamAssert answered(int code) {
    return ended(new StreamEnding.UpstreamResponse(code, responseHeaders));
  }

  /** Runs the request; the client leaves before there is a response. */
  public StreamAssert clientLeft() {
    return ended(new StreamEnding.ClientLeft());
  }

  /** Runs the request, which ends like that: limited, denied, reset … */
  public StreamAssert ended(StreamEnding ending) {
    StreamResult result = envoy.run(scenario.ending(ending).build());
    result.failure().ifPresent(log::trapped);
    return new StreamAssert(result, log);
  }
}
