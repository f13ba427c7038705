package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.stream.FilterChain;
import dev.nametag.hostsim.stream.HttpStream;
import dev.nametag.hostsim.stream.Listener;
import dev.nametag.hostsim.stream.StreamSetup;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One worker: a thread with its event loop, its VM, its connections and its ways to upstreams.
 * Everything but the making of it and {@link #refuseMore} happens in that thread.
 */
final class GatewayWorker {

  private final int number;
  private final EventLoop loop;
  private final Shared shared;
  private final Map<String, Backend> backends;
  private final Set<DownstreamConnection> connections = new HashSet<>();
  private boolean draining;
  private volatile boolean refusing;

  /** What all workers have in common. */
  record Shared(
      SimulatedEnvoy envoy,
      GatewaySettings settings,
      Routes routes,
      List<SimulatedFilter> before,
      List<SimulatedFilter> after,
      Json json,
      Totals totals,
      Consumer<Throwable> faults) {}

  GatewayWorker(int number, EventLoop loop, Shared shared) {
    this.number = number;
    this.loop = loop;
    this.shared = shared;
    this.backends = Backends.of(shared.settings().clusters(), loop, shared.json());
  }

  EventLoop loop() {
    return loop;
  }

  Routes routes() {
    return shared.routes();
  }

  Listener listener() {
    return Listener.PLAIN.limitedTo(shared.settings().bufferLimitBytes());
  }

  Totals totals() {
    return shared.totals();
  }

  Backend backend(String cluster) {
    return backends.get(cluster);
  }

  FilterChain chain(Caller caller) {
    return new FilterChain(
        SimulatedFilter.forStream(shared.before(), caller),
        SimulatedFilter.forStream(shared.after(), caller));
  }

  HttpStream open(StreamSetup setup, InLoop ends) {
    return shared.envoy().open(number, setup, ends, ends);
  }

  /** Takes a connection over. */
  DownstreamConnection accept(Channel channel, long id) {
    totals().connected();
    DownstreamConnection connection = new DownstreamConnection(this, channel, id);
    connections.add(connection);
    if (draining) {
      connection.drain();
    }
    return connection;
  }

  void closed(DownstreamConnection connection) {
    connections.remove(connection);
  }

  void report(Throwable fault) {
    shared.faults().accept(fault);
  }

  /** From now on, no stream begins, not even of a request that has come already. Any thread. */
  void refuseMore() {
    refusing = true;
  }

  boolean refuses() {
    return refusing;
  }

  // In the worker's thread, asked by the gateway.

  /** Takes no further requests. */
  void drain() {
    draining = true;
    new ArrayList<>(connections).forEach(DownstreamConnection::drain);
  }

  boolean idle() {
    return connections.isEmpty();
  }

  /** Breaks off what is running. */
  void cut() {
    new ArrayList<>(connections).forEach(DownstreamConnection::cut);
    backends.values().forEach(Backend::close);
  }
}
