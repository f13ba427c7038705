package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.stats.Counter;
import dev.nametag.hostsim.stats.StatName;
import dev.nametag.hostsim.time.SimClock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A plugin on a worker. Streams on it run one after the other, whichever threads they come from.
 *
 * <p>Source: Envoy source/extensions/common/wasm/wasm.cc, PluginConfig::maybeReloadHandleIfNeeded
 * and PluginConfig::createContext.
 */
public final class Worker {

  private final EnvoyThread thread;
  private final PluginSettings plugin;
  private final FailurePolicy policy;
  private final long backoffNanos;

  private Optional<PluginRoot> root;
  private long loadedNanos;

  /**
   * Brings the plugin up in that thread. Where it does not come up, streams pass.
   *
   * @param reloadBackoff how long after it was last loaded a VM can be loaded again
   */
  public Worker(
      EnvoyThread thread, PluginSettings plugin, FailurePolicy policy, Duration reloadBackoff) {
    this.thread = thread;
    this.plugin = plugin;
    this.policy = policy;
    this.backoffNanos = reloadBackoff.toNanos();
    this.root = start();
    if (policy == FailurePolicy.FAIL_RELOAD) {
      reloads("success");
      reloads("failure");
      reloads("backoff");
    }
  }

  /** What a stream finds when it comes to a worker. */
  public sealed interface Admission {

    /**
     * A VM that can run the filter.
     *
     * @param failOpen whether the stream goes on even if the VM fails in the middle of it
     */
    record Run(PluginRoot root, boolean failOpen) implements Admission {}

    /** No filter: the stream passes. */
    record Bypass() implements Admission {}

    /** No filter: the stream is answered with 503. */
    record Refuse() implements Admission {}
  }

  /** Runs a stream when its turn has come. */
  public <T> T with(Function<Admission, T> stream) {
    return thread.take(() -> stream.apply(admit()));
  }

  /** Runs something when its turn has come, for streams that are there already. */
  public void run(Runnable action) {
    thread.run(action);
  }

  /** Whether both run in the same thread, for different plugins. */
  public boolean sharesTurnWith(Worker other) {
    return thread.sharesTurnWith(other.thread);
  }

  /** When something is due next, as the clock's {@code monotonicNanos} counts. */
  public OptionalLong nextDueNanos() {
    return thread.nextDueNanos();
  }

  /** Asks something when its turn has come. */
  public <T> T ask(Supplier<T> question) {
    return thread.take(question);
  }

  /** Adds a line to the log. */
  public void log(LogLevel level, String message) {
    thread.log(level, message);
  }

  /** Until when a client waits for a stream that is held from now on. */
  public long patienceEndNanos() {
    return clock().monotonicNanos() + thread.base().resources().patience().toNanos();
  }

  /**
   * Does what is due next, and waits for that time if need be.
   *
   * @return false when there is nothing to do before the given time
   */
  public boolean awaitNext(long endNanos) {
    return thread.awaitNext(endNanos);
  }

  /**
   * Tells the module that the plugin goes away; it can ask to wait for {@code proxy_done}.
   *
   * @return done when it has been told
   */
  public CompletableFuture<Void> shutDown() {
    return thread.tell(() -> root.ifPresent(PluginRoot::shutDown));
  }

  /**
   * Tells the module of stats, when the turn of its thread has come.
   *
   * @param update in the form of {@link dev.nametag.hostsim.stats.StatsUpdate}
   */
  public void tellStats(ByteString update) {
    thread.run(() -> root.filter(now -> !now.ended()).ifPresent(now -> now.statsUpdate(update)));
  }

  private Admission admit() {
    if (root.isEmpty()) {
      return new Admission.Bypass();
    }
    if (policy == FailurePolicy.FAIL_RELOAD && root.get().vm().failed()) {
      reload();
    }
    PluginRoot now = root.get();
    if (!now.ended()) {
      return new Admission.Run(now, policy == FailurePolicy.LEGACY_FAIL_OPEN);
    }
    return policy.letsPass() ? new Admission.Bypass() : new Admission.Refuse();
  }

  /** One that does not come up is tried again at the next occasion. */
  private void reload() {
    if (clock().monotonicNanos() - loadedNanos < backoffNanos) {
      reloads("backoff").add(1);
      return;
    }
    Optional<PluginRoot> fresh = start();
    reloads(fresh.isPresent() ? "success" : "failure").add(1);
    root = fresh.or(() -> root);
  }

  /** Source of the names: Envoy source/extensions/common/wasm/stats_handler.h. */
  private Counter reloads(String outcome) {
    String name = "wasm." + plugin.name() + ".vm_reload_" + outcome;
    return thread.base().calls().stats().defineCounter(new StatName(ByteString.utf8(name)));
  }

  private SimClock clock() {
    return thread.base().calls().clock();
  }

  private Optional<PluginRoot> start() {
    loadedNanos = clock().monotonicNanos();
    try {
      return Optional.of(thread.start(plugin));
    } catch (ModuleLoadException | ConfigurationRejectedException e) {
      thread.log(LogLevel.CRITICAL, e.getMessage());
      return Optional.empty();
    }
  }
}
