package dev.nametag.hostsim;

import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.shared.SharedState;
import dev.nametag.hostsim.stats.Stats;
import dev.nametag.hostsim.stats.StatsUpdate;
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
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.vm.BaseVm;
import dev.nametag.hostsim.vm.ConfigurationRejectedException;
import dev.nametag.hostsim.vm.EnvoyThread;
import dev.nametag.hostsim.vm.EnvoyThreads;
import dev.nametag.hostsim.vm.PluginSettings;
import dev.nametag.hostsim.vm.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An Envoy with one Wasm filter and a number of workers; or with several plugins that share their
 * VMs, of which each is the filter of streams of its own.
 *
 * <p>Any thread may call any method. What happens to streams on the same worker happens one thing
 * after the other.
 */
public final class SimulatedEnvoy implements AutoCloseable {

  /** How long a call may go on when the end has come. */
  private static final Duration CALL_AT_END = Duration.ofSeconds(1);

  /** How long the end takes at most: one call that is running, the last one, and some time. */
  private static final Duration PATIENCE_AT_END = CALL_AT_END.multipliedBy(3);

  private final Stats stats;
  private final Optional<StatsFlusher> flusher;
  private final Log log;
  private final EnvoyThreads threads;
  private final Map<String, Plugin> plugins = new LinkedHashMap<>();
  private final Plugin first;
  private final List<Worker> sinks = new CopyOnWriteArrayList<>();
  private final List<LoadedModule> loaded = new ArrayList<>();
  private final SharedState shared;
  private final String vmId;

  private volatile boolean draining;
  private boolean closed;

  private SimulatedEnvoy(Builder builder) {
    shared = builder.shared;
    vmId = builder.vmId;
    stats = builder.newStats();
    log = new Log(builder.logListener);
    flusher =
        builder.flushInterval.map(
            interval -> new StatsFlusher(interval, this::flushStats, this::flushFailed));
    try {
      BaseVm base = load(builder.module, builder);
      threads = new EnvoyThreads(base, builder.workers);
      for (PluginSettings plugin : builder.plugins()) {
        base.canary(plugin);
        plugins.put(plugin.name(), start(plugin, builder));
      }
      first = plugins.values().iterator().next();
      for (HostSettings.Sink sink : builder.sinks) {
        sinks.add(start(sink, builder));
      }
    } catch (RuntimeException | Error e) {
      flusher.ifPresent(StatsFlusher::close);
      loaded.forEach(LoadedModule::close);
      throw e;
    }
    shared.retain(vmId);
    threads.start();
  }

  private Plugin start(PluginSettings plugin, Builder builder) {
    List<Worker> workers = new ArrayList<>();
    for (EnvoyThread thread : threads.all()) {
      workers.add(new Worker(thread, plugin, builder.failurePolicy, builder.reloadBackoff));
    }
    return new Plugin(workers.remove(0), workers, threads::runDue);
  }

  private Worker start(HostSettings.Sink sink, Builder builder) {
    BaseVm base = load(sink.module().toByteArray(), builder);
    base.canary(sink.plugin());
    return new Worker(
        threads.mainFor(base), sink.plugin(), builder.failurePolicy, builder.reloadBackoff);
  }

  private BaseVm load(byte[] module, Builder builder) {
    return BaseVm.load(
        module,
        bytes -> load(builder.engine, bytes),
        builder.calls(stats, log),
        builder.resources());
  }

  private LoadedModule load(EngineKind engine, byte[] bytes) {
    LoadedModule module = engine.load(bytes);
    loaded.add(module);
    return module;
  }

  /** A builder with one worker, an empty configuration and no module. */
  public static Builder builder() {
    return new Builder();
  }

  /** Runs a stream on the next worker, in turn, and returns when it has ended. */
  public StreamResult run(StreamScenario scenario) {
    return first.run(scenario);
  }

  /** Plays a stream on the next worker, in turn, and returns when it has ended. */
  public StreamRun.Outcome play(StreamScript script) {
    return first.play(script);
  }

  /**
   * Plays a stream on that worker, and returns when it has ended.
   *
   * @param worker from zero
   */
  public StreamRun.Outcome playOn(int worker, StreamScript script) {
    return first.playOn(worker, script);
  }

  /** A stream on the next worker, in turn, to be driven step by step. */
  public HttpStream open(StreamSetup setup, Downstream downstream, Upstream upstream) {
    return first.open(setup, downstream, upstream);
  }

  /**
   * A stream on that worker, to be driven step by step.
   *
   * @param worker from zero
   */
  public HttpStream open(int worker, StreamSetup setup, Downstream downstream, Upstream upstream) {
    return first.open(worker, setup, downstream, upstream);
  }

  /** A client's TCP connection on the next worker, through the module, as network filter. */
  public TcpConnection connect() {
    return connect(TcpSetup.PLAIN);
  }

  /** A client's TCP connection on the next worker, through the module, as network filter. */
  public TcpConnection connect(TcpSetup setup) {
    return first.connect(setup);
  }

  /**
   * The plugin of that name, for streams that it filters; without one, streams are the first's.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Plugin plugin(String name) {
    Plugin plugin = plugins.get(name);
    if (plugin == null) {
      throw new IllegalArgumentException("no plugin is called " + name);
    }
    return plugin;
  }

  /** The plugin as a filter in other streams: {@link Plugin#asFilter}. */
  public ModuleFilter asFilter() {
    return first.asFilter();
  }

  /** How many workers there are. */
  public int workers() {
    return first.workers();
  }

  /**
   * Moves the clock on, and does on the way, at its time, all that becomes due: ticks, answers to
   * calls, news of queues. Only with a {@link ManualClock}; by itself, a real clock does the same
   * in threads of its own.
   */
  public void advance(Duration by) {
    threads.advance(by);
  }

  /** What the module has counted so far, in all VMs together. */
  public Stats stats() {
    return stats;
  }

  /** Merges histograms, and tells the modules that are sinks of stats of counters and gauges. */
  public void flushStats() {
    StatsUpdate update = stats.flushToSinks();
    if (!sinks.isEmpty()) {
      update
          .bytes()
          .ifPresentOrElse(
              bytes -> sinks.forEach(sink -> sink.tellStats(bytes)),
              () -> log.accept(new LogLine(LogLevel.ERROR, "too many stats for a sink of stats")));
    }
  }

  private void flushFailed(Throwable fault) {
    log.accept(new LogLine(LogLevel.CRITICAL, "fault in a flush of stats: " + fault));
  }

  /** The last {@value Log#CAPACITY} log lines, the oldest first. */
  public List<LogLine> logs() {
    return log.lines();
  }

  /**
   * Limits calls into the module from now on: one that is running has that long from now, and a
   * later one that long from its beginning, until it traps. So a module that never returns can be
   * stopped.
   */
  public void limitCalls(Duration limit) {
    threads.limitCalls(limit, "did not return within " + limit + " at the end");
  }

  /**
   * Tells the module in every VM that the plugin goes away; no stream may be run afterwards. A VM
   * that asks to wait lives on, and has its ticks and answers, until it calls {@code proxy_done}.
   * With the machine's clock, a worker that is held up hears of it later, and this waits for 3
   * seconds at most.
   */
  public void drain() {
    draining = true;
    long end = System.nanoTime() + PATIENCE_AT_END.toNanos();
    plugins.values().forEach(plugin -> plugin.shutDown(end));
    sinks.forEach(sink -> Plugin.shutDown(sink, end));
  }

  /**
   * Drains, unless that was done before, and ends whatever still waits. A call into the module that
   * goes on for longer than a second is stopped, with a trap that the log tells of.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    flusher.ifPresent(StatsFlusher::close);
    limitCalls(CALL_AT_END);
    if (!draining) {
      drain();
    }
    if (threads.end(CALL_AT_END)) {
      loaded.forEach(LoadedModule::close);
    } else {
      log.accept(new LogLine(LogLevel.CRITICAL, "closed while something was still running"));
    }
    shared.release(vmId);
  }

  /** Collects what an Envoy is started with. */
  public static final class Builder extends HostSettings {

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Loads the module, tries the configuration and brings up the VMs of the main thread and of all
     * workers. Where the plugin does not come up then, though the canary did, streams pass.
     *
     * @throws ModuleLoadException when the module cannot be loaded or does not start
     * @throws ConfigurationRejectedException when it refuses its configuration or traps on it
     */
    public SimulatedEnvoy start() {
      return new SimulatedEnvoy(this);
    }
  }
}
