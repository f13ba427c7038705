package dev.nametag.hostsim;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.CallScope;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.shared.SharedState;
import dev.nametag.hostsim.stats.Stats;
import dev.nametag.hostsim.stats.StatsSettings;
import dev.nametag.hostsim.stats.TagSet;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.time.SimClock;
import dev.nametag.hostsim.upstream.Clusters;
import dev.nametag.hostsim.upstream.DnsAnswer;
import dev.nametag.hostsim.upstream.GrpcUpstream;
import dev.nametag.hostsim.upstream.HttpUpstream;
import dev.nametag.hostsim.vm.PluginSettings;
import dev.nametag.hostsim.vm.VmResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an Envoy is started with that concerns what is around the module: workers, stats, log, clock
 * and what it can call.
 */
public abstract sealed class HostSettings extends GuestSettings permits SimulatedEnvoy.Builder {

  int workers = 1;
  StatsSettings stats = StatsSettings.ENVOY;
  Optional<Duration> flushInterval = Optional.empty();
  LogLevel logLevel = LogLevel.TRACE;
  Consumer<LogLine> logListener = line -> {};
  SimClock clock = SimClock.system();
  SharedState shared = new SharedState();
  final Map<String, HttpUpstream> httpClusters = new HashMap<>();
  final Map<String, GrpcUpstream> grpcClusters = new HashMap<>();
  final Map<String, DnsAnswer> dnsNames = new HashMap<>();
  final List<Sink> sinks = new ArrayList<>();
  Duration patience = Duration.ofSeconds(5);

  /** Sets the number of workers, at least one. */
  public final SimulatedEnvoy.Builder workers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("workers: at least 1, not " + count);
    }
    workers = count;
    return self();
  }

  /** Sets which tags are found in the names of stats; those of plain Envoy at first. */
  public final SimulatedEnvoy.Builder tags(TagSet set) {
    stats = stats.with(set);
    return self();
  }

  /** Sets how stats are kept and shown; those of plain Envoy at first. */
  public final SimulatedEnvoy.Builder stats(StatsSettings settings) {
    stats = settings;
    return self();
  }

  /**
   * Makes histograms show at that interval only, as Envoy does every 5 s unless {@code
   * stats_flush_on_admin} is on; at first, they show whenever somebody looks.
   */
  public final SimulatedEnvoy.Builder statsFlushInterval(Duration interval) {
    flushInterval = Optional.of(interval);
    return self();
  }

  /** Sets the least level that is logged, which the module can ask for; at first, all are. */
  public final SimulatedEnvoy.Builder logLevel(LogLevel level) {
    logLevel = level;
    return self();
  }

  /** Sets who is told of each log line, in the thread in which it is logged. */
  public final SimulatedEnvoy.Builder logListener(Consumer<LogLine> listener) {
    logListener = listener;
    return self();
  }

  /** Sets the clock; at first the machine's. With a {@link ManualClock}, runs are repeatable. */
  public final SimulatedEnvoy.Builder clock(SimClock clock) {
    this.clock = clock;
    return self();
  }

  /** Sets the data and queues, to share them with other plugins of the same process. */
  public final SimulatedEnvoy.Builder shared(SharedState state) {
    shared = state;
    return self();
  }

  /** Adds a cluster that modules can make HTTP calls to. */
  public final SimulatedEnvoy.Builder httpCluster(String name, HttpUpstream upstream) {
    httpClusters.put(name, upstream);
    return self();
  }

  /** Adds a cluster that modules can make gRPC calls to. */
  public final SimulatedEnvoy.Builder grpcCluster(String name, GrpcUpstream upstream) {
    grpcClusters.put(name, upstream);
    return self();
  }

  /** Adds a name that {@code envoy_resolve_dns} finds. */
  public final SimulatedEnvoy.Builder dnsName(String name, DnsAnswer answer) {
    dnsNames.put(name, answer);
    return self();
  }

  /** Sets how long a client waits for a stream that the module holds; at first 5 seconds. */
  public final SimulatedEnvoy.Builder patience(Duration duration) {
    patience = duration;
    return self();
  }

  /** A module that is told of stats. */
  record Sink(ByteString module, PluginSettings plugin) {}

  /**
   * Adds a module that is told of all counters and gauges at each {@link
   * SimulatedEnvoy#flushStats}: Envoy's {@code envoy.stat_sinks.wasm}. It has one VM, in the main
   * thread, and the vm_id that is set so far.
   *
   * @param configuration as the module reads it
   */
  public final SimulatedEnvoy.Builder statsSink(byte[] wasm, String name, byte[] configuration) {
    sinks.add(new Sink(ByteString.of(wasm), plugin(name, "", ByteString.of(configuration))));
    return self();
  }

  private StatsSettings statsSettings() {
    StatsSettings settings = envoyVersion.map(stats::in).orElse(stats);
    return flushInterval.isPresent() ? settings.flushedByInterval() : settings;
  }

  /** Stats that have nothing so far. */
  final Stats newStats() {
    return new Stats(statsSettings());
  }

  /** What a VM is given for its hostcalls. */
  final CallScope.Settings calls(Stats to, Consumer<LogLine> log) {
    return new CallScope.Settings(
        to, environment, logLevel, log, release(), capabilities, clock, shared);
  }

  /** What a VM is given beside its hostcalls. */
  final VmResources resources() {
    return new VmResources(
        new Clusters(httpClusters, grpcClusters, dnsNames), deadline, maxMemoryPages, patience);
  }
}
