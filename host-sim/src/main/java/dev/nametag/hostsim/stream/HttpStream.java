package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.WasmTrapException;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.vm.WasmVm;
import dev.nametag.hostsim.vm.Worker;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * A client's request and what becomes of it, step by step: what the client says goes in here, what
 * upstream says goes into the {@link UpstreamAttempt}; what Envoy says comes out at {@link
 * Downstream} and {@link Upstream}.
 *
 * <p>Any thread may call any method. All that happens to a stream happens in the turn of its
 * worker, one thing after the other; many streams, and other plugins of the process, take turns
 * there. What is said from within a turn, as by an upstream that answers at once, waits for the end
 * of what is going on.
 */
public final class HttpStream {

  private final Worker worker;
  private final StreamSetup setup;
  private final Downstream downstream;
  private final Upstream upstream;
  private final Queue<Runnable> inputs = new ArrayDeque<>();

  private Optional<ActiveStream> active = Optional.empty();
  private boolean running;
  private int redirects;

  private HttpStream(Worker worker, StreamSetup setup, Downstream downstream, Upstream upstream) {
    this.worker = worker;
    this.setup = setup;
    this.downstream = downstream;
    this.upstream = upstream;
  }

  /** A stream on that worker, of which nothing has come so far. */
  public static HttpStream on(
      Worker worker, StreamSetup setup, Downstream downstream, Upstream upstream) {
    return new HttpStream(worker, setup, downstream, upstream);
  }

  /**
   * The request begins. Must come first, and once.
   *
   * @param headers in order, pseudo headers first
   */
  public void requestHeaders(List<Header> headers, boolean endOfStream) {
    inTurn(
        () -> {
          if (active.isPresent()) {
            throw new IllegalStateException("the request has begun before");
          }
          start(headers, endOfStream);
        });
  }

  /**
   * A frame of metadata. It may come at any time before the end of the request.
   *
   * @throws IllegalStateException when the connection's protocol has none
   */
  public void requestMetadata(Map<String, String> elements) {
    if (!setup.connection().hasMetadata()) {
      throw new IllegalStateException(setup.connection().protocol() + " has no metadata");
    }
    inTurn(() -> active.orElseThrow().requestMetadata(elements));
  }

  /** A part of the request's body. */
  public void requestBody(ByteString chunk, boolean endOfStream) {
    inTurn(() -> active.orElseThrow().requestBody(chunk, endOfStream));
  }

  /** The request ends with trailers. */
  public void requestTrailers(List<Header> trailers) {
    inTurn(() -> active.orElseThrow().requestTrailers(trailers));
  }

  /** The client closed the connection. */
  public void clientLeft() {
    clientGone(
        ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION.bit(), "downstream_remote_disconnect");
  }

  /** The client reset the stream and keeps the connection, as HTTP/2 can. */
  public void clientReset() {
    clientGone(ResponseFlag.DOWNSTREAM_REMOTE_RESET.bit(), "http2.remote_reset");
  }

  /**
   * The client's side broke off.
   *
   * @param flags bits of {@link ResponseFlag}
   * @param details what {@code response.code_details} says then
   */
  public void clientGone(long flags, String details) {
    inTurn(() -> active.orElseThrow().clientGone(flags, details));
  }

  /** The connection manager answers, as when it cannot understand what the client sends. */
  public void refuse(LocalAnswer answer) {
    inTurn(() -> active.orElseThrow().answer(answer));
  }

  /** Envoy waits no longer. */
  public void timeout(StreamTimeout timeout) {
    inTurn(() -> active.orElseThrow().timeout(timeout));
  }

  /** Whether the stream is over and logged. */
  public boolean ended() {
    return worker.ask(() -> active.map(ActiveStream::ended).orElse(false));
  }

  /** What has come of the stream so far. */
  public StreamResult result() {
    return worker.ask(this::resultNow);
  }

  private StreamResult resultNow() {
    ActiveStream now = active.orElseThrow();
    Optional<WasmVm> vm = now.ours().map(WasmFilter::vm);
    return new StreamResult(
        now.headersSent() ? now.info().code : OptionalInt.empty(),
        now.info().flags,
        now.info().details.orElse(""),
        vm.isPresent(),
        vm.map(WasmVm::failed).orElse(true),
        vm.flatMap(WasmVm::failure).map(WasmTrapException::getMessage));
  }

  StreamSetup setup() {
    return setup;
  }

  Worker worker() {
    return worker;
  }

  /**
   * Does what is due next in the worker, or in another plugin that the stream passes, and waits for
   * that time if need be.
   *
   * @return false when there is nothing to do before the given time
   */
  boolean awaitNext(long endNanos) {
    return Stream.concat(
            Stream.of(worker),
            Stream.concat(setup.chain().beforeOurs().stream(), setup.chain().afterOurs().stream())
                .filter(ModuleFilter.class::isInstance)
                .map(filter -> ((ModuleFilter) filter).beside(worker)))
        .min(Comparator.comparingLong(each -> each.nextDueNanos().orElse(Long.MAX_VALUE)))
        .orElseThrow()
        .awaitNext(endNanos);
  }

  void log(LogLevel level, String message) {
    worker.log(level, message);
  }

  private void start(List<Header> headers, boolean endOfStream) {
    ActiveStream fresh = new ActiveStream(this, headers, downstream, upstream);
    active = Optional.of(fresh);
    fresh.guarded(() -> fresh.start(endOfStream));
  }

  boolean mayRedirect(Optional<Route> route) {
    return redirects < route.map(Route::internalRedirects).orElse(0);
  }

  /** Another stream takes over, with contexts of its own. */
  void restart(List<Header> headers) {
    redirects++;
    start(headers, true);
  }

  void inTurn(Runnable input) {
    worker.run(
        () -> {
          inputs.add(input);
          if (running) {
            return;
          }
          running = true;
          try {
            while (!inputs.isEmpty()) {
              Runnable next = inputs.remove();
              if (active.isPresent()) {
                active.get().guarded(next);
              } else {
                next.run();
              }
            }
          } finally {
            running = false;
          }
        });
  }
}
