package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.Downstream;
import dev.nametag.hostsim.stream.Upstream;
import dev.nametag.hostsim.stream.UpstreamAttempt;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Brings what a stream says into its worker's thread, in order. Mostly it says it there; a stream
 * that a module held goes on in the thread that the simulated Envoy has for ticks and answers.
 */
final class InLoop implements Downstream, Upstream {

  private final EventLoop loop;
  private final Downstream client;
  private final Upstream upstream;
  private final Consumer<RuntimeException> faults;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * A way into that loop.
   *
   * @param faults is told of what fails there, where nobody else hears of it
   */
  InLoop(EventLoop loop, Downstream client, Upstream upstream, Consumer<RuntimeException> faults) {
    this.loop = loop;
    this.client = client;
    this.upstream = upstream;
    this.faults = faults;
  }

  private void run(Runnable said) {
    if (loop.inEventLoop() && waiting.get() == 0) {
      said.run();
    } else {
      waiting.incrementAndGet();
      loop.execute(
          () -> {
            waiting.decrementAndGet();
            try {
              said.run();
            } catch (RuntimeException e) {
              faults.accept(e);
            }
          });
    }
  }

  @Override
  public void informational(List<Header> headers) {
    run(() -> client.informational(headers));
  }

  @Override
  public void headers(List<Header> headers, boolean endOfStream) {
    run(() -> client.headers(headers, endOfStream));
  }

  @Override
  public void body(ByteString chunk, boolean endOfStream) {
    run(() -> client.body(chunk, endOfStream));
  }

  @Override
  public void trailers(List<Header> trailers) {
    run(() -> client.trailers(trailers));
  }

  @Override
  public void reset() {
    run(client::reset);
  }

  @Override
  public void pauseRequest(boolean paused) {
    run(() -> client.pauseRequest(paused));
  }

  @Override
  public void headers(UpstreamAttempt attempt, List<Header> headers, boolean endOfStream) {
    run(() -> upstream.headers(attempt, headers, endOfStream));
  }

  @Override
  public void body(UpstreamAttempt attempt, ByteString chunk, boolean endOfStream) {
    run(() -> upstream.body(attempt, chunk, endOfStream));
  }

  @Override
  public void trailers(UpstreamAttempt attempt, List<Header> trailers) {
    run(() -> upstream.trailers(attempt, trailers));
  }

  @Override
  public void reset(UpstreamAttempt attempt) {
    run(() -> upstream.reset(attempt));
  }

  @Override
  public void pauseResponse(UpstreamAttempt attempt, boolean paused) {
    run(() -> upstream.pauseResponse(attempt, paused));
  }
}
