package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.stream.Connection;
import dev.nametag.hostsim.stream.FilterChain;
import dev.nametag.hostsim.stream.Filters;
import dev.nametag.hostsim.stream.HttpStream;
import dev.nametag.hostsim.stream.LocalAnswer;
import dev.nametag.hostsim.stream.Route;
import dev.nametag.hostsim.stream.StreamSetup;
import dev.nametag.hostsim.stream.StreamTimeout;
import dev.nametag.hostsim.stream.Upstream;
import dev.nametag.hostsim.stream.UpstreamAttempt;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A stream between its connection and what is behind the gateway: leads each try to the backend of
 * its cluster, and keeps the time that the route gives. Lives in its worker's thread.
 */
final class GatewayStream implements Upstream {

  private final GatewayWorker worker;
  private final Backend.Flow flow;
  private final HttpStream stream;

  private Optional<Duration> timeout = Optional.empty();
  private Optional<Future<?>> timer = Optional.empty();
  private Optional<UpstreamAttempt> attempt = Optional.empty();
  private Optional<Backend.Call> call = Optional.empty();
  private boolean over;

  // Why the upstream is to wait: the client takes no more of the response, or filters do not.
  private boolean clientFull;
  private boolean filtersFull;

  /**
   * A stream of which nothing has come so far.
   *
   * @param refusal answered before any filter sees the request, as by the codec
   */
  GatewayStream(
      GatewayWorker worker,
      Connection connection,
      ResponseWriter client,
      Backend.Flow flow,
      Optional<LocalAnswer> refusal) {
    this.worker = worker;
    this.flow = flow;
    FilterChain chain =
        refusal
            .map(answer -> new FilterChain(List.of(Filters.answering(answer)), List.of()))
            .orElseGet(() -> worker.chain(new Caller(connection.source())));
    StreamSetup setup =
        new StreamSetup(connection, worker.listener(), chain, this::match, Map.of(), Map.of());
    this.stream =
        worker.open(setup, new InLoop(worker.loop(), client, this, fault -> failed(fault, client)));
  }

  /** A fault of the gateway ends the stream, so that nobody waits for it. */
  private void failed(RuntimeException fault, ResponseWriter client) {
    worker.report(fault);
    if (!over) {
      client.reset();
      stream.clientGone(0, "host_fault");
    }
  }

  private Optional<Route> match(HeaderMap headers) {
    Optional<Routes.Entry> entry = worker.routes().match(headers);
    timeout = entry.flatMap(found -> found.settings().timeout());
    return entry.map(Routes.Entry::route);
  }

  /** Where the request comes in. */
  HttpStream stream() {
    return stream;
  }

  /** The client takes no more for now, or again. */
  void pauseResponse(boolean paused) {
    clientFull = paused;
    pauseOrNot();
  }

  private void pauseOrNot() {
    call.ifPresent(now -> now.pauseResponse(clientFull || filtersFull));
  }

  /** The stream has ended; its clock stops. */
  void over() {
    over = true;
    timer.ifPresent(running -> running.cancel(false));
  }

  // To upstream.

  @Override
  public void headers(UpstreamAttempt now, List<Header> headers, boolean endOfStream) {
    attempt = Optional.of(now);
    call = Optional.empty();
    Backend backend = worker.backend(now.cluster().name());
    Backend.Call begun = backend.begin(now, headers, endOfStream, flow);
    call = Optional.of(begun);
    pauseOrNot();
    if (endOfStream) {
      requestSent();
    }
  }

  @Override
  public void body(UpstreamAttempt now, ByteString chunk, boolean endOfStream) {
    call.ifPresent(to -> to.body(chunk, endOfStream));
    if (endOfStream) {
      requestSent();
    }
  }

  @Override
  public void trailers(UpstreamAttempt now, List<Header> trailers) {
    call.ifPresent(to -> to.trailers(trailers));
    requestSent();
  }

  @Override
  public void reset(UpstreamAttempt now) {
    if (attempt.filter(current -> current == now).isPresent()) {
      call.ifPresent(Backend.Call::cancel);
      call = Optional.empty();
    }
  }

  @Override
  public void pauseResponse(UpstreamAttempt now, boolean paused) {
    if (attempt.filter(current -> current == now).isPresent()) {
      filtersFull = paused;
      pauseOrNot();
    }
  }

  /** The route's timeout runs from the end of the request, once for all tries. */
  private void requestSent() {
    if (!over && timer.isEmpty() && timeout.isPresent()) {
      timer =
          Optional.of(
              worker
                  .loop()
                  .schedule(
                      () -> stream.timeout(StreamTimeout.RESPONSE),
                      timeout.get().toNanos(),
                      TimeUnit.NANOSECONDS));
    }
  }
}
