package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.engine.Deadline;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.shared.Turn;
import dev.nametag.hostsim.time.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A thread of Envoy, the main one or a worker: what it has to do, and whose turn it is. With a
 * clock that goes on by itself, a thread of the JVM does what is due; what happens to streams
 * happens in whichever thread it comes from, when its turn has come.
 */
public final class EnvoyThread {

  private static final int MAX_EVENTS_AT_ONCE = 10_000;

  /** Longer than a call may take at the end. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private final BaseVm base;
  private final EventLoop loop;
  private final Deadline deadline;
  private final Turn turn;

  private Optional<WasmVm> vm = Optional.empty();
  private boolean ticking;

  /**
   * A thread that has nothing to do so far.
   *
   * @param turn the same for all plugins of the process in that thread
   */
  public EnvoyThread(BaseVm base, Turn turn) {
    this.base = base;
    this.turn = turn;
    this.loop = new EventLoop(base.calls().clock());
    this.deadline = new Deadline(base.resources().deadline());
  }

  /** The same thread for a VM of another module. */
  EnvoyThread beside(BaseVm other) {
    return new EnvoyThread(other, turn);
  }

  boolean sharesTurnWith(EnvoyThread other) {
    return turn == other.turn;
  }

  BaseVm base() {
    return base;
  }

  /**
   * Brings a plugin up, in the VM that is there or, if that has ended, in a new one.
   *
   * <p>Source: proxy-wasm-cpp-host src/wasm.cc, getOrCreateThreadLocalPlugin.
   *
   * @throws ModuleLoadException when a new VM does not start
   * @throws ConfigurationRejectedException when the module says no or traps
   */
  PluginRoot start(PluginSettings plugin) {
    WasmVm now = vm.filter(v -> !v.ended()).orElseGet(() -> base.newVm(loop, deadline));
    vm = Optional.of(now);
    try {
      return now.start(plugin);
    } finally {
      if (now.isIdle()) {
        now.close();
      }
    }
  }

  <T> T take(Supplier<T> action) {
    return turn.take(action);
  }

  void run(Runnable action) {
    turn.run(action);
  }

  /** Adds a line to the log. */
  void log(LogLevel level, String message) {
    base.calls().log().accept(new LogLine(level, message));
  }

  /** Lets a thread of the JVM do what is due, at its time. */
  public void tick(String name) {
    ticking = true;
    Thread thread =
        new Thread(
            () -> {
              while (loop.awaitDue()) {
                runDueAndSurvive();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  /** What fails is a fault of this host; it is logged, and all that is due later is done. */
  private void runDueAndSurvive() {
    try {
      runDue();
    } catch (RuntimeException | Error e) {
      log(LogLevel.CRITICAL, "fault in what was due: " + e);
    }
  }

  /**
   * Does what is due: ticks, answers to calls, news of queues. Stops after ten thousand of them, as
   * modules can make ever new ones.
   *
   * @return whether there was anything
   */
  public boolean runDue() {
    OptionalLong due = loop.nextDueNanos();
    // Does not wait for its turn when there is nothing to do.
    return due.isPresent()
        && due.getAsLong() <= base.calls().clock().monotonicNanos()
        && turn.take(this::runDueInTurn);
  }

  private boolean runDueInTurn() {
    int events = 0;
    while (events < MAX_EVENTS_AT_ONCE && loop.runNext()) {
      events++;
    }
    return events > 0;
  }

  /** When something is due next, as the clock's {@code monotonicNanos} counts. */
  public OptionalLong nextDueNanos() {
    return loop.nextDueNanos();
  }

  boolean awaitNext(long endNanos) {
    // In turn: what has been taken out and is going on now comes to its end first.
    OptionalLong due = turn.take(loop::nextDueNanos);
    if (due.isEmpty() || due.getAsLong() > endNanos || Thread.currentThread().isInterrupted()) {
      return false;
    }
    base.calls().clock().waitUntil(due.getAsLong());
    turn.take(loop::runNext);
    return true;
  }

  /**
   * Does something in this thread: at once, if nothing is done here as time goes by and its turn
   * comes soon.
   */
  CompletableFuture<Void> tell(Runnable action) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    Runnable telling =
        () -> {
          try {
            action.run();
          } finally {
            told.complete(null);
          }
        };
    if (ticking || !turn.takeWithin(SOON, telling)) {
      loop.post(telling);
    }
    return told;
  }

  /**
   * From now on, a call into the module may take no longer than that; one that is running has that
   * long from now. What takes longer traps.
   *
   * @param message of the trap
   */
  public void limitCalls(Duration limit, String message) {
    deadline.tighten(limit, message);
  }

  /**
   * Ends the VM and all that is to be done here.
   *
   * @return false when that is not possible in that time, as something is still running
   */
  public boolean end(Duration patience) {
    loop.close();
    return turn.takeWithin(patience, () -> vm.ifPresent(WasmVm::close));
  }
}
