package dev.nametag.hostsim;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.Deadline;
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
import dev.nametag.hostsim.vm.FailurePolicy;
import dev.nametag.hostsim.vm.Node;
import dev.nametag.hostsim.vm.PluginSettings;
import dev.nametag.hostsim.vm.VmResources;
import dev.nametag.hostsim.vm.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An Envoy with one Wasm filter and a number of workers.
 *
 * <p>Any thread may call any method. What happens to streams on the same worker happens one thing
 * after the other.
 */
public final class SimulatedEnvoy implements AutoCloseable {

  private static final int TIMER_NANOS = 5_000_000;
  private static final int MAX_ROUNDS = 10;

  private final Stats stats;
  private final Optional<ScheduledExecutorService> flusher;
  private final Log log;
  private final List<Worker> workers = new ArrayList<>();
  private final Worker mainThread;
  private final AtomicInteger nextWorker = new AtomicInteger();
  private final List<LoadedModule> loaded = new ArrayList<>();
  private final SimClock clock;
  private final SharedState shared;
  private final String vmId;

  private volatile boolean draining;
  private volatile boolean closed;

  private SimulatedEnvoy(Builder builder) {
    clock = builder.clock;
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
              new PluginSettings(
                  builder.pluginName,
                  builder.rootId,
                  builder.vmId,
                  builder.pluginConfiguration,
                  builder.vmConfiguration,
                  new Node(builder.nodeId, builder.nodeCluster, builder.nodeMetadata),
                  builder.envoyVersion.orElse(EnvoyVersion.LATEST)),
              new CallScope.Settings(
                  stats,
                  builder.environment,
                  builder.logLevel,
                  log,
                  builder.envoyVersion.orElse(EnvoyVersion.V1_28),
                  builder.capabilities,
                  clock,
                  shared),
              new VmResources(
                  new Clusters(builder.httpClusters, builder.grpcClusters, builder.dnsNames),
                  builder.deadline,
                  builder.maxMemoryPages,
                  builder.patience));
      mainThread = new Worker(base, builder.failurePolicy, builder.reloadBackoff);
      for (int i = 0; i < builder.workers; i++) {
        workers.add(new Worker(base, builder.failurePolicy, builder.reloadBackoff));
      }
    } catch (RuntimeException | Error e) {
      flusher.ifPresent(ScheduledExecutorService::shutdownNow);
      loaded.forEach(LoadedModule::close);
      throw e;
    }
    shared.retain(vmId);
    runDue();
    if (clock == SimClock.system()) {
      startTimer();
    }
  }

  /** Does what is due as time goes by. */
  private void startTimer() {
    Thread timer =
        new Thread(
            () -> {
              while (!closed) {
                clock.waitUntil(clock.monotonicNanos() + TIMER_NANOS);
                runDueAndSurvive();
              }
            },
            "host-sim timer");
    timer.setDaemon(true);
    timer.start();
  }

  /** What fails is a fault of this host; it is logged, and all that is due later is done. */
  private void runDueAndSurvive() {
    for (Worker thread : threads()) {
      try {
        thread.runDue();
      } catch (RuntimeException | Error e) {
        thread.log(LogLevel.CRITICAL, "fault in what was due: " + e);
      }
    }
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
    StreamResult result = StreamRun.run(nextWorker(), scenario);
    runDue();
    return result;
  }

  /** Plays a stream on the next worker, in turn, and returns when it has ended. */
  public StreamRun.Outcome play(StreamScript script) {
    StreamRun.Outcome outcome = StreamRun.play(nextWorker(), script);
    runDue();
    return outcome;
  }

  /**
   * Plays a stream on that worker, and returns when it has ended.
   *
   * @param worker from zero
   */
  public StreamRun.Outcome playOn(int worker, StreamScript script) {
    StreamRun.Outcome outcome = StreamRun.play(workers.get(worker), script);
    runDue();
    return outcome;
  }

  /** A stream on the next worker, in turn, to be driven step by step. */
  public HttpStream open(StreamSetup setup, Downstream downstream, Upstream upstream) {
    return HttpStream.on(nextWorker(), setup, downstream, upstream);
  }

  /**
   * A stream on that worker, to be driven step by step.
   *
   * @param worker from zero
   */
  public HttpStream open(int worker, StreamSetup setup, Downstream downstream, Upstream upstream) {
    return HttpStream.on(workers.get(worker), setup, downstream, upstream);
  }

  /** How many workers there are. */
  public int workers() {
    return workers.size();
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

  private Worker nextWorker() {
    return workers.get(Math.floorMod(nextWorker.getAndIncrement(), workers.size()));
  }

  /**
   * Moves the clock on, and does on the way, at its time, all that becomes due: ticks, answers to
   * calls, news of queues. Only with a {@link ManualClock}; by itself, a real clock does the same
   * in a thread of its own.
   */
  public void advance(Duration by) {
    if (clock == SimClock.system()) {
      throw new IllegalStateException("the machine's clock cannot be moved");
    }
    long end = clock.monotonicNanos() + by.toNanos();
    runDue();
    for (long due = nextDueNanos(); due <= end; due = nextDueNanos()) {
      clock.waitUntil(due);
      runDue();
    }
    clock.waitUntil(end);
  }

  private long nextDueNanos() {
    return threads().stream()
        .map(Worker::nextDueNanos)
        .flatMapToLong(OptionalLong::stream)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Does what is due in all threads; a few rounds, as one thread can give another one work. */
  private void runDue() {
    boolean busy = true;
    for (int round = 0; busy && round < MAX_ROUNDS; round++) {
      busy = false;
      for (Worker thread : threads()) {
        busy |= thread.runDue();
      }
    }
  }

  private List<Worker> threads() {
    List<Worker> all = new ArrayList<>(workers);
    all.add(0, mainThread);
    return all;
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
   * Tells the module in every VM that the plugin goes away; no stream may be run afterwards. A VM
   * that asks to wait lives on, and has its ticks and answers, until it calls {@code proxy_done}.
   */
  public void drain() {
    workers.forEach(Worker::shutDown);
    mainThread.shutDown();
    draining = true;
  }

  /** Drains, unless that was done before, and ends whatever still waits. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    flusher.ifPresent(ScheduledExecutorService::shutdownNow);
    if (!draining) {
      drain();
    }
    threads().forEach(Worker::end);
    loaded.forEach(LoadedModule::close);
    shared.release(vmId);
  }

  /** Collects what an Envoy is started with. */
  public static final class Builder {

    private byte[] module = new byte[0];
    private String pluginName = "";
    private String rootId = "";
    private String vmId = "";
    private ByteString pluginConfiguration = ByteString.EMPTY;
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
    private Deadline deadline = Deadline.NONE;
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
     * Sets the release of Envoy, for modules and for pages; at first, modules meet the imports of
     * the oldest, which all later ones have, and the properties and pages of the latest.
     */
    public Builder envoyVersion(EnvoyVersion version) {
      envoyVersion = Optional.of(version);
      return this;
    }

    /**
     * Sets the only functions, by name, that do what they should, as capability_restriction_config
     * does; at first all do. Others answer INTERNAL_FAILURE, those of WASI ENOTCAPABLE.
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
      deadline = new Deadline(limit);
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
     * workers. A VM that fails then, after the canary did not, is left to the failure policy.
     *
     * @throws ModuleLoadException when the module cannot be loaded or does not start
     * @throws ConfigurationRejectedException when it refuses its configuration or traps on it
     */
    public SimulatedEnvoy start() {
      return new SimulatedEnvoy(this);
    }
  }
}
