package dev.nametag.hostsim;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.hostcall.CallScope;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.hostcall.PropertyValue;
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
import dev.nametag.hostsim.vm.BaseVm;
import dev.nametag.hostsim.vm.ConfigurationRejectedException;
import dev.nametag.hostsim.vm.FailurePolicy;
import dev.nametag.hostsim.vm.PluginSettings;
import dev.nametag.hostsim.vm.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An Envoy with one Wasm filter and a number of workers.
 *
 * <p>Any thread may call any method. Streams on the same worker wait for each other.
 */
public final class SimulatedEnvoy implements AutoCloseable {

  private final Stats stats;
  private final Optional<ScheduledExecutorService> flusher;
  private final Log log;
  private final List<Worker> workers = new ArrayList<>();
  private final Worker mainThread;
  private final AtomicInteger nextWorker = new AtomicInteger();
  private final List<LoadedModule> loaded = new ArrayList<>();

  private SimulatedEnvoy(Builder builder) {
    stats = new Stats(builder.stats);
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
                  builder.nodeMetadata),
              new CallScope.Settings(stats, builder.environment, builder.logLevel, log));
      mainThread = new Worker(base, builder.failurePolicy, log);
      for (int i = 0; i < builder.workers; i++) {
        workers.add(new Worker(base, builder.failurePolicy, log));
      }
    } catch (RuntimeException | Error e) {
      loaded.forEach(LoadedModule::close);
      throw e;
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
    return StreamRun.run(nextWorker(), scenario);
  }

  /** Plays a stream on the next worker, in turn, and returns when it has ended. */
  public StreamRun.Outcome play(StreamScript script) {
    return StreamRun.play(nextWorker(), script);
  }

  /** A stream on the next worker, in turn, to be driven step by step. */
  public HttpStream open(StreamSetup setup, Downstream downstream, Upstream upstream) {
    return HttpStream.on(nextWorker(), setup, downstream, upstream);
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

  /** What the module has counted so far, in all VMs together. */
  public Stats stats() {
    return stats;
  }

  /** The last {@value Log#CAPACITY} log lines, the oldest first. */
  public List<LogLine> logs() {
    return log.lines();
  }

  /**
   * Tells the module in every VM that the plugin goes away, and gives back what the engine holds;
   * no stream may be run afterwards.
   */
  @Override
  public void close() {
    flusher.ifPresent(ScheduledExecutorService::shutdownNow);
    workers.forEach(Worker::shutDown);
    mainThread.shutDown();
    loaded.forEach(LoadedModule::close);
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
    private PropertyValue nodeMetadata = PropertyValue.ofStruct(Map.of());
    private int workers = 1;
    private FailurePolicy failurePolicy = FailurePolicy.FAIL_CLOSED;
    private EngineKind engine = EngineKind.COMPILER;
    private StatsSettings stats = StatsSettings.ENVOY;
    private Optional<Duration> flushInterval = Optional.empty();
    private LogLevel logLevel = LogLevel.TRACE;
    private Consumer<LogLine> logListener = line -> {};

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
      stats = stats.flushedByInterval();
      return this;
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
