package dev.nametag.hostsim.tcp;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.vm.Worker;
import java.util.function.Predicate;

/**
 * A client's TCP connection through the module to upstream, step by step. Each word is something
 * that client or upstream does; when it returns, Envoy has done all that it can do about it. What
 * the module asked for, ticks and answers to its calls, comes as time goes by.
 *
 * <p>What is sent once is read at once, however much it is. After the connection is closed, what is
 * sent is lost. Any thread may call any method; what happens to a connection happens in the turn of
 * its worker.
 */
public final class TcpConnection {

  /** Modules can make ever new events. */
  private static final int MAX_EVENTS = 100_000;

  private final Worker worker;
  private final Runnable afterStep;
  private final ActiveConnection active;

  private TcpConnection(Worker worker, Runnable afterStep, ActiveConnection active) {
    this.worker = worker;
    this.afterStep = afterStep;
    this.active = active;
  }

  /**
   * Connects on that worker.
   *
   * @param afterStep run after each step, when the worker's turn is over
   */
  public static TcpConnection on(Worker worker, TcpSetup setup, Runnable afterStep) {
    ActiveConnection active =
        worker.with(
            admission -> {
              ActiveConnection fresh = new ActiveConnection(admission, setup);
              fresh.then(fresh::open);
              return fresh;
            });
    afterStep.run();
    return new TcpConnection(worker, afterStep, active);
  }

  /** The client sends bytes. */
  public TcpConnection sends(ByteString bytes) {
    return step(() -> active.clientSends(bytes, false));
  }

  /** The client sends text in UTF-8. */
  public TcpConnection sends(String text) {
    return sends(ByteString.utf8(text));
  }

  /** The client sends bytes and, with them, its end. */
  public TcpConnection sendsLast(ByteString bytes) {
    return step(() -> active.clientSends(bytes, true));
  }

  /** The client sends nothing more, but reads on. */
  public TcpConnection ends() {
    return sendsLast(ByteString.EMPTY);
  }

  /** The client's connection breaks off. */
  public TcpConnection resets() {
    return step(active::clientResets);
  }

  /**
   * Upstream sends bytes.
   *
   * @throws IllegalStateException when Envoy has not connected to it, as with all that upstream
   *     does
   */
  public TcpConnection upstreamSends(ByteString bytes) {
    return step(() -> active.upstreamSends(bytes, false));
  }

  /** Upstream sends text in UTF-8. */
  public TcpConnection upstreamSends(String text) {
    return upstreamSends(ByteString.utf8(text));
  }

  /** Upstream sends bytes and, with them, its end. */
  public TcpConnection upstreamSendsLast(ByteString bytes) {
    return step(() -> active.upstreamSends(bytes, true));
  }

  /** Upstream sends nothing more, but reads on. */
  public TcpConnection upstreamEnds() {
    return upstreamSendsLast(ByteString.EMPTY);
  }

  /** Upstream's connection breaks off. */
  public TcpConnection upstreamResets() {
    return step(active::upstreamResets);
  }

  /** What has come of the connection so far. */
  public TcpResult result() {
    return worker.ask(active::result);
  }

  /**
   * Waits until the result is like that, and meanwhile does what becomes due in the worker: ticks
   * and answers to calls. A {@link dev.nametag.hostsim.time.ManualClock} is moved by that.
   *
   * @return false when the patience of a client ends before, or nothing more is due
   */
  public boolean awaits(Predicate<TcpResult> like) {
    long end = worker.patienceEndNanos();
    boolean reached = like.test(result());
    for (int i = 0; i < MAX_EVENTS && !reached && worker.awaitNext(end); i++) {
      reached = like.test(result());
    }
    return reached;
  }

  private TcpConnection step(Runnable what) {
    worker.run(() -> active.then(what));
    afterStep.run();
    return this;
  }
}
