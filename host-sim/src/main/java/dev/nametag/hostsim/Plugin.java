package dev.nametag.hostsim;

import dev.nametag.hostsim.stream.Downstream;
import dev.nametag.hostsim.stream.HttpStream;
import dev.nametag.hostsim.stream.ModuleFilter;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamRun;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.stream.StreamScript;
import dev.nametag.hostsim.stream.StreamSetup;
import dev.nametag.hostsim.stream.Upstream;
import dev.nametag.hostsim.tcp.TcpConnection;
import dev.nametag.hostsim.tcp.TcpSetup;
import dev.nametag.hostsim.vm.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A plugin of a simulated Envoy, as the filter of streams of its own; several plugins share their
 * VMs. Any thread may call any method.
 */
public final class Plugin {

  private final Worker mainThread;
  private final List<Worker> workers;
  private final Runnable afterStream;
  private final AtomicInteger nextWorker = new AtomicInteger();

  Plugin(Worker mainThread, List<Worker> workers, Runnable afterStream) {
    this.mainThread = mainThread;
    this.workers = List.copyOf(workers);
    this.afterStream = afterStream;
  }

  /** Runs a stream on the next worker, in turn, and returns when it has ended. */
  public StreamResult run(StreamScenario scenario) {
    return play(scenario.script()).result();
  }

  /** Plays a stream on the next worker, in turn, and returns when it has ended. */
  public StreamRun.Outcome play(StreamScript script) {
    return play(next(), script);
  }

  /**
   * Plays a stream on that worker, and returns when it has ended.
   *
   * @param worker from zero
   */
  public StreamRun.Outcome playOn(int worker, StreamScript script) {
    return play(workers.get(worker), script);
  }

  private StreamRun.Outcome play(Worker worker, StreamScript script) {
    StreamRun.Outcome outcome = StreamRun.play(worker, script);
    afterStream.run();
    return outcome;
  }

  /** A stream on the next worker, in turn, to be driven step by step. */
  public HttpStream open(StreamSetup setup, Downstream downstream, Upstream upstream) {
    return HttpStream.on(next(), setup, downstream, upstream);
  }

  /**
   * A stream on that worker, to be driven step by step.
   *
   * @param worker from zero
   */
  public HttpStream open(int worker, StreamSetup setup, Downstream downstream, Upstream upstream) {
    return HttpStream.on(workers.get(worker), setup, downstream, upstream);
  }

  /** A client's TCP connection on the next worker, in turn, with the plugin as network filter. */
  public TcpConnection connect(TcpSetup setup) {
    return TcpConnection.on(next(), setup, afterStream);
  }

  /**
   * A client's TCP connection on that worker, with the plugin as network filter.
   *
   * @param worker from zero
   */
  public TcpConnection connect(int worker, TcpSetup setup) {
    return TcpConnection.on(workers.get(worker), setup, afterStream);
  }

  /**
   * The plugin as a filter in streams of another: one of the same Envoy, or of an Envoy with the
   * same {@link dev.nametag.hostsim.shared.SharedState}, the same clock and no more workers.
   */
  public ModuleFilter asFilter() {
    return new ModuleFilter(workers);
  }

  int workers() {
    return workers.size();
  }

  private Worker next() {
    return workers.get(Math.floorMod(nextWorker.getAndIncrement(), workers.size()));
  }

  /**
   * Tells the module in one VM after the other that the plugin goes away.
   *
   * @param endNanos of {@link System#nanoTime}, from when on it waits for nobody
   */
  void shutDown(long endNanos) {
    List<Worker> all = new ArrayList<>(workers);
    all.add(mainThread);
    for (Worker worker : all) {
      shutDown(worker, endNanos);
    }
  }

  static void shutDown(Worker worker, long endNanos) {
    worker
        .shutDown()
        .completeOnTimeout(null, endNanos - System.nanoTime(), TimeUnit.NANOSECONDS)
        .join();
  }
}
