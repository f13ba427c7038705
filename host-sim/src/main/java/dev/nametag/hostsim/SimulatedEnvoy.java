package dev.nametag.hostsim;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.hostcall.CallScope;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.shared.SharedState;
import dev.nametag.hostsim.stats.Stats;
import dev.nametag.hostsim.stats.StatsSettings;
import dev.nametag.hostsim.stats.TagSet;
import dev.nametag.hostsim.stream.Downstream;
import dev.nametag.hostsim.stream.HttpStream;
import dev.nametag.hostsim.stream.ModuleFilter;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamRun;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.stream.StreamScript;
import dev.nametag.hostsim.stream.StreamSetup;
import dev.nametag.hostsim.stream.Upstream;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.time.SimClock;
import dev.nametag.hostsim.upstream.Clusters;
import dev.nametag.hostsim.upstream.DnsAnswer;
import dev.nametag.hostsim.upstream.GrpcUpstream;
import dev.nametag.hostsim.upstream.HttpUpstream;
import dev.nametag.hostsim.vm.BaseVm;
import dev.nametag.hostsim.vm.ConfigurationRejectedException;
import dev.nametag.hostsim.vm.EnvoyThread;
import dev.nametag.hostsim.vm.EnvoyThreads;
import dev.nametag.hostsim.vm.FailurePolicy;
import dev.nametag.hostsim.vm.Node;
import dev.nametag.hostsim.vm.PluginSettings;
import dev.nametag.hostsim.vm.VmResources;
import dev.nametag.hostsim.vm.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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
  private final Optional<ScheduledExecutorService> flusher;
  private final Log log;
  private final EnvoyThreads threads;
  private final Map<String, Plugin> plugins = new LinkedHashMap<>();
  private final Plugin first;
  private final List<LoadedModule> loaded = new ArrayList<>();
  private final SharedState shared;
  private final String vmId;

  private volatile boolean draining;
  private boolean closed;

  private SimulatedEnvoy(Builder builder) {
    shared = builder.shared;
    vmId = builder.vmId;
    stats = new Stats(builder.statsSettings());
    flusher = builder.flushInterval.map(interval -> flushEvery(interval, stats));
    log = new Log(builder.logListener);
    try {
      BaseVm base =
          BaseVm.load(
              builder.module,
              bytes -> load(builder.engine, bytes),
              new CallScope.Settings(
                  stats,
                  builder.environment,
                  builder.logLevel,
                  log,
                  builder.envoyVersion.orElse(EnvoyVersion.LATEST),
                  builder.capabilities,
                  builder.clock,
                  shared),
              new VmResources(
                  new Clusters(builder.httpClusters, builder.grpcClusters, builder.dnsNames),
                  builder.deadline,
                  builder.maxMemoryPages,
                  builder.patience));
      threads = new EnvoyThreads(base, builder.workers);
      for (PluginSettings plugin : builder.plugins()) {
        base.canary(plugin);
        plugins.put(plugin.name(), start(plugin, builder));
      }
      first = plugins.values().iterator().next();
    } catch (RuntimeException | Error e) {
      flusher.ifPresent(ScheduledExecutorService::shutdownNow);
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

  private static ScheduledExecutorService flushEvery(Duration interval, Stats stats) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "stats-flush");
              thread.setDaemon(true);
              return thread;
            });
    ScheduledFuture<?> flushing =
        timer.scheduleAtFixedRate(
            stats::flush, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    if (flushing.isDone()) {
      throw new IllegalStateException("stats cannot be flushed every " + interval);
    }
    return timer;
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
    flusher.ifPresent(ScheduledExecutorService::shutdownNow);
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
  public static final class Builder {

    private byte[] module = new byte[0];
    private String pluginName = "";
    private String rootId = "";
    private String vmId = "";
    private ByteString pluginConfiguration = ByteString.EMPTY;
    private final List<More> more = new ArrayList<>();
    private ByteString vmConfiguration = ByteString.EMPTY;
    private Map<String, String> environment = Map.of();
    private String nodeId = "";
    private String nodeCluster = "";
    private PropertyValue nodeMetadata = PropertyValue.ofStruct(Map.of());
    private int workers = 1;
    private FailurePolicy failurePolicy = FailurePolicy.FAIL_CLOSED;
    private EngineKind engine = EngineKind.COMPILER;
    private StatsSettings stats = StatsSettings.ENVOY;
    private Optional<Duration> flushInterval = Optional.empty();
    private LogLevel logLevel = LogLevel.TRACE;
    private Consumer<LogLine> logListener = line -> {};
    private Optional<EnvoyVersion> envoyVersion = Optional.empty();
    private Set<String> capabilities = Set.of();
    private SimClock clock = SimClock.system();
    private SharedState shared = new SharedState();
    private final Map<String, HttpUpstream> httpClusters = new HashMap<>();
    private final Map<String, GrpcUpstream> grpcClusters = new HashMap<>();
    private final Map<String, DnsAnswer> dnsNames = new HashMap<>();
    private Duration deadline = Duration.ZERO;
    private int maxMemoryPages = 16_384;
    private Duration patience = Duration.ofSeconds(5);
    private Duration reloadBackoff = Duration.ofSeconds(1);

    private Builder() {}

    /** Sets the module; must be called. */
    public Builder module(byte[] wasm) {
      module = wasm.clone();
      return this;
    }

    /** Sets what {@code plugin_name} leads to. */
    public Builder pluginName(String name) {
      pluginName = name;
      return this;
    }

    /** Sets what {@code plugin_root_id} leads to. */
    public Builder rootId(String id) {
      rootId = id;
      return this;
    }

    /** Sets what {@code plugin_vm_id} leads to. */
    public Builder vmId(String id) {
      vmId = id;
      return this;
    }

    /** Sets the plugin configuration, as the module reads it. */
    public Builder pluginConfiguration(byte[] configuration) {
      pluginConfiguration = ByteString.of(configuration);
      return this;
    }

    /** A plugin beside the first. */
    private record More(String name, String rootId, ByteString configuration) {}

    /**
     * Adds another plugin with the same module, vm_id and VM configuration, so that it shares the
     * VMs of the first; {@link SimulatedEnvoy#plugin} runs streams through it.
     *
     * @param name which no other plugin has
     * @param configuration as the module reads it
     */
    public Builder anotherPlugin(String name, String rootId, byte[] configuration) {
      more.add(new More(name, rootId, ByteString.of(configuration)));
      return this;
    }

    private List<PluginSettings> plugins() {
      List<More> all = new ArrayList<>(more);
      all.add(0, new More(pluginName, rootId, pluginConfiguration));
      if (all.stream().map(More::name).distinct().count() < all.size()) {
        throw new IllegalArgumentException("two plugins have the same name");
      }
      return all.stream()
          .map(
              one ->
                  new PluginSettings(
                      one.name,
                      one.rootId,
                      vmId,
                      one.configuration,
                      vmConfiguration,
                      new Node(nodeId, nodeCluster, nodeMetadata),
                      envoyVersion.orElse(EnvoyVersion.LATEST)))
          .toList();
    }

    /** Sets the VM configuration, as the module reads it. */
    public Builder vmConfiguration(byte[] configuration) {
      vmConfiguration = ByteString.of(configuration);
      return this;
    }

    /** Sets the environment variables of the module. */
    public Builder environment(Map<String, String> variables) {
      environment = Map.copyOf(variables);
      return this;
    }

    /** Sets what {@code xds.node.id} and {@code xds.node.cluster} lead to; at first, both empty. */
    public Builder node(String id, String cluster) {
      nodeId = id;
      nodeCluster = cluster;
      return this;
    }

    /** Sets what {@code xds.node.metadata} leads to: what {@link PropertyValue#ofStruct} takes. */
    public Builder nodeMetadata(Map<String, Object> metadata) {
      nodeMetadata = PropertyValue.ofStruct(metadata);
      return this;
    }

    /** Sets the number of workers, at least one. */
    public Builder workers(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("workers: at least 1, not " + count);
      }
      workers = count;
      return this;
    }

    /** Sets what happens after a trap. */
    public Builder failurePolicy(FailurePolicy policy) {
      failurePolicy = policy;
      return this;
    }

    /** Sets how the module is executed. */
    public Builder engine(EngineKind kind) {
      engine = kind;
      return this;
    }

    /** Sets which tags are found in the names of stats; those of plain Envoy at first. */
    public Builder tags(TagSet set) {
      stats = stats.with(set);
      return this;
    }

    /** Sets how stats are kept and shown; those of plain Envoy at first. */
    public Builder stats(StatsSettings settings) {
      stats = settings;
      return this;
    }

    /**
     * Makes histograms show at that interval only, as Envoy does every 5 s unless {@code
     * stats_flush_on_admin} is on; at first, they show whenever somebody looks.
     */
    public Builder statsFlushInterval(Duration interval) {
      flushInterval = Optional.of(interval);
      return this;
    }

    private StatsSettings statsSettings() {
      StatsSettings settings = envoyVersion.map(stats::in).orElse(stats);
      return flushInterval.isPresent() ? settings.flushedByInterval() : settings;
    }

    /** Sets the least level that is logged, which the module can ask for; at first, all are. */
    public Builder logLevel(LogLevel level) {
      logLevel = level;
      return this;
    }

    /** Sets who is told of each log line, in the thread in which it is logged. */
    public Builder logListener(Consumer<LogLine> listener) {
      logListener = listener;
      return this;
    }

    /**
     * Sets the release of Envoy, for modules and for pages; at first, the latest. A module that
     * shall run in older ones is tested in the oldest of them, too.
     */
    public Builder envoyVersion(EnvoyVersion version) {
      envoyVersion = Optional.of(version);
      return this;
    }

    /**
     * Sets the only functions, by name, that do what they should, as capability_restriction_config
     * does; at first all do. Others answer INTERNAL_FAILURE, those of WASI ENOTCAPABLE; callbacks
     * of the module that are not named are not called.
     */
    public Builder capabilities(Set<String> functions) {
      capabilities = Set.copyOf(functions);
      return this;
    }

    /** Sets the clock; at first the machine's. With a {@link ManualClock}, runs are repeatable. */
    public Builder clock(SimClock clock) {
      this.clock = clock;
      return this;
    }

    /** Sets the data and queues, to share them with other plugins of the same process. */
    public Builder shared(SharedState state) {
      shared = state;
      return this;
    }

    /** Adds a cluster that modules can make HTTP calls to. */
    public Builder httpCluster(String name, HttpUpstream upstream) {
      httpClusters.put(name, upstream);
      return this;
    }

    /** Adds a cluster that modules can make gRPC calls to. */
    public Builder grpcCluster(String name, GrpcUpstream upstream) {
      grpcClusters.put(name, upstream);
      return this;
    }

    /** Adds a name that {@code envoy_resolve_dns} finds. */
    public Builder dnsName(String name, DnsAnswer answer) {
      dnsNames.put(name, answer);
      return this;
    }

    /** Sets how long a call into the module may take before it is made to trap; zero for ever. */
    public Builder deadline(Duration limit) {
      deadline = limit;
      return this;
    }

    /** Sets how many pages of 64 KiB the memory of a VM may have; at first 1 GiB, as in Envoy. */
    public Builder maxMemoryPages(int pages) {
      maxMemoryPages = pages;
      return this;
    }

    /** Sets how long a client waits for a stream that the module holds; at first 5 seconds. */
    public Builder patience(Duration duration) {
      patience = duration;
      return this;
    }

    /**
     * Sets how long after it was last loaded a VM can be loaded again under FAIL_RELOAD; at first a
     * second. Envoy adds up to half of that by chance.
     */
    public Builder reloadBackoff(Duration backoff) {
      reloadBackoff = backoff;
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
