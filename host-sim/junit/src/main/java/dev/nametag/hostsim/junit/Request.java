package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamRun;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.stream.StreamScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * A request: what the client sends and what other filters leave behind. The last word says what
 * becomes of it, and runs it.
 */
public final class Request {

  private final SimulatedEnvoy envoy;
  private final TestLog log;
  private final StreamScenario.Builder scenario = StreamScenario.builder();
  private final List<ByteString> body = new ArrayList<>();
  private final List<Header> trailers = new ArrayList<>();
  private final List<Header> responseHeaders = new ArrayList<>();
  private final List<ByteString> responseBody = new ArrayList<>();
  private final List<Header> responseTrailers = new ArrayList<>();
  private OptionalInt worker = OptionalInt.empty();

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

  /** Adds a part of the body; each call is a part, which the filter is shown by itself. */
  public Request body(String part) {
    body.add(ByteString.utf8(part));
    return this;
  }

  /** Adds a trailer, after which the request ends. */
  public Request trailer(String name, String value) {
    trailers.add(Header.of(name, value));
    return this;
  }

  /**
   * Sends it to that worker instead of the one whose turn it is.
   *
   * @param number from zero
   */
  public Request onWorker(int number) {
    worker = OptionalInt.of(number);
    return this;
  }

  /** Adds a header of upstream's response; only {@link #answered} has one. */
  public Request responseHeader(String name, String value) {
    responseHeaders.add(Header.of(name, value));
    return this;
  }

  /** Adds a part of the body of upstream's response; only {@link #answered} has one. */
  public Request responseBody(String part) {
    responseBody.add(ByteString.utf8(part));
    return this;
  }

  /** Adds a trailer of upstream's response; only {@link #answered} has one. */
  public Request responseTrailer(String name, String value) {
    responseTrailers.add(Header.of(name, value));
    return this;
  }

  /** Runs the request; upstream, if it is asked, answers it with that code. */
  public StreamAssert answered(int code) {
    StreamScript.Act.Respond response =
        StreamScript.Act.respond(code, responseHeaders.toArray(Header[]::new))
            .with(responseBody.toArray(ByteString[]::new));
    return played(
        script ->
            script.met(
                responseTrailers.isEmpty()
                    ? response
                    : response.endingWith(responseTrailers.toArray(Header[]::new))));
  }

  /** Runs the request; the client leaves before there is a response. */
  public StreamAssert clientLeft() {
    return ended(new StreamEnding.ClientLeft());
  }

  /** Runs the request, which ends like that: limited, denied, reset … */
  public StreamAssert ended(StreamEnding ending) {
    return played(ending::applyTo);
  }

  /**
   * Runs the request through anything that a {@link StreamScript} can say: other filters, routes,
   * several tries, interruptions. It is given the request, which upstream leaves unanswered.
   */
  public StreamAssert played(UnaryOperator<StreamScript> rest) {
    StreamScript request = scenario.build().script().met();
    if (!body.isEmpty()) {
      request = request.sending(body.toArray(ByteString[]::new));
    }
    if (!trailers.isEmpty()) {
      request = request.endingWith(trailers.toArray(Header[]::new));
    }
    StreamScript script = rest.apply(request);
    StreamRun.Outcome outcome =
        worker.isPresent() ? envoy.playOn(worker.getAsInt(), script) : envoy.play(script);
    outcome.result().failure().ifPresent(log::trapped);
    return new StreamAssert(outcome, log);
  }
}
