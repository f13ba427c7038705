package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.stats.Counter;
import dev.nametag.hostsim.stats.StatName;
import dev.nametag.hostsim.time.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A worker thread's VM. Streams on it run one after the other, whichever threads they come from.
 *
 * <p>Source: Envoy source/extensions/common/wasm/wasm.cc, PluginConfig::maybeReloadHandleIfNeeded
 * and PluginConfig::createContext.
 */
public final class Worker {

  private static final int MAX_EVENTS_AT_ONCE = 10_000;

  private final BaseVm base;
  private final FailurePolicy policy;
  private final long backoffNanos;
  private final EventLoop loop;

  /** Who has it runs: one at a time of all that plugins do in this thread. */
  private final Object turn;

  private Optional<WasmVm> vm;
  private long loadedNanos;

  /**
   * Brings up a VM; one that does not come up counts as failed.
   *
   * @param reloadBackoff how long after it was last loaded a VM can be loaded again
   * @param turn the same for all plugins in one thread
   */
  public Worker(BaseVm base, FailurePolicy policy, Duration reloadBackoff, Object turn) {
    this.turn = turn;
    this.base = base;
    this.policy = policy;
    this.backoffNanos = reloadBackoff.toNanos();
    this.loop = new EventLoop(base.calls().clock());
    this.vm = newVm();
    if (policy == FailurePolicy.FAIL_RELOAD) {
      reloads("success");
      reloads("failure");
      reloads("backoff");
    }
  }

  /** What a stream finds when it comes to a worker. */
  public sealed interface Admission {

    /** A VM that can run the filter. */
    record Run(WasmVm vm) implements Admission {}

    /** No filter: the stream passes. */
    record Bypass() implements Admission {}

    /** No filter: the stream is answered with 503. */
    record Refuse() implements Admission {}
  }

  /** Runs a stream when its turn has come. */
  public <T> T with(Function<Admission, T> stream) {
    synchronized (turn) {
      return stream.apply(admit());
    }
  }

  /** Runs something when its turn has come, for streams that are there already. */
  public void run(Runnable action) {
    synchronized (turn) {
      action.run();
    }
  }

  /** Whether both run in the same thread, for different plugins. */
  public boolean sharesTurnWith(Worker other) {
    return turn == other.turn;
  }

  /** Adds a line to the log. */
  public void log(LogLevel level, String message) {
    base.calls().log().accept(new LogLine(level, message));
  }

  /** Asks something when its turn has come. */
  public <T> T ask(Supplier<T> question) {
    synchronized (turn) {
      return question.get();
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
        && runDueInTurn();
  }

  private boolean runDueInTurn() {
    synchronized (turn) {
      int events = 0;
      while (events < MAX_EVENTS_AT_ONCE && loop.runNext()) {
        events++;
      }
      return events > 0;
    }
  }

  /** When something is due next, as the clock's {@code monotonicNanos} counts. */
  public OptionalLong nextDueNanos() {
    return loop.nextDueNanos();
  }

  /** Until when a client waits for a stream that is held from now on. */
  public long patienceEndNanos() {
    return base.calls().clock().monotonicNanos() + base.resources().patience().toNanos();
  }

  /**
   * Does what is due next, and waits for that time if need be.
   *
   * @return false when there is nothing to do before the given time
   */
  public boolean awaitNext(long endNanos) {
    OptionalLong due = loop.nextDueNanos();
    if (due.isEmpty() || due.getAsLong() > endNanos || Thread.currentThread().isInterrupted()) {
      return false;
    }
    base.calls().clock().waitUntil(due.getAsLong());
    synchronized (turn) {
      loop.runNext();
    }
    return true;
  }

  /** Tells the module that the plugin goes away; it can ask to wait for {@code proxy_done}. */
  public void shutDown() {
    synchronized (turn) {
      vm.ifPresent(WasmVm::shutDown);
    }
  }

  /** Ends the VM, whatever it waits for. */
  public void end() {
    synchronized (turn) {
      vm.ifPresent(WasmVm::close);
      vm = Optional.empty();
      loop.clear();
    }
  }

  private Admission admit() {
    boolean trapped = vm.map(WasmVm::failed).orElse(false);
    if (trapped && policy == FailurePolicy.FAIL_RELOAD) {
      reload();
    }
    Optional<WasmVm> running = vm.filter(v -> !v.ended());
    if (running.isPresent()) {
      return new Admission.Run(running.get());
    }
    return policy == FailurePolicy.FAIL_OPEN ? new Admission.Bypass() : new Admission.Refuse();
  }

  private void reload() {
    if (base.calls().clock().monotonicNanos() - loadedNanos < backoffNanos) {
      reloads("backoff").add(1);
      return;
    }
    loop.clear();
    vm = newVm();
    reloads(vm.isPresent() ? "success" : "failure").add(1);
  }

  /** Source of the names: Envoy source/extensions/common/wasm/stats_handler.h. */
  private Counter reloads(String outcome) {
    String name = "wasm." + base.plugin().name() + ".vm_reload_" + outcome;
    return base.calls().stats().defineCounter(new StatName(ByteString.utf8(name)));
  }

  private Optional<WasmVm> newVm() {
    loadedNanos = base.calls().clock().monotonicNanos();
    try {
      WasmVm fresh = base.newVm(loop);
      fresh.configure();
      return Optional.of(fresh);
    } catch (ModuleLoadException | ConfigurationRejectedException e) {
      base.calls().log().accept(new LogLine(LogLevel.CRITICAL, e.getMessage()));
      return Optional.empty();
    }
  }
}
