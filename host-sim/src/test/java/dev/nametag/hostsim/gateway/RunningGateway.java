package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.vm.FailurePolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A gateway on a free port, whose module logs the code details of each stream that ends. */
final class RunningGateway implements AutoCloseable {

  private final SimulatedEnvoy envoy;
  private final Gateway gateway;
  private Optional<ClusterCalls> calls = Optional.empty();
  private final List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());

  private RunningGateway(byte[] module, GatewaySettings settings, int workers, Json json) {
    this(SimulatedEnvoy.builder().module(module).workers(workers), settings, json);
  }

  private RunningGateway(SimulatedEnvoy.Builder builder, GatewaySettings settings, Json json) {
    envoy = builder.engine(EngineKind.INTERPRETER).start();
    try {
      gateway =
          Gateway.start(
              envoy,
              settings,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              json,
              faults::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RunningGateway with(GatewaySettings settings) {
    return with(settings, 1);
  }

  static RunningGateway with(GatewaySettings settings, int workers) {
    return running(
        Guests.inLog(code -> code.getProperty("response", "code_details").drop().logReturned())
            .build(),
        settings,
        workers);
  }

  static RunningGateway running(byte[] module, GatewaySettings settings, int workers) {
    return new RunningGateway(module, settings, workers, new TestJson());
  }

  /** A gateway with one worker, whose module can call the clusters. */
  static RunningGateway calling(byte[] module, GatewaySettings settings) {
    ClusterCalls calls = new ClusterCalls(settings, new TestJson());
    SimulatedEnvoy.Builder builder = SimulatedEnvoy.builder().module(module);
    calls.upstreams().forEach(builder::httpCluster);
    RunningGateway running = new RunningGateway(builder, settings, new TestJson());
    running.calls = Optional.of(calls);
    return running;
  }

  /** A gateway with one worker, which has a new VM for the next stream after a trap, at once. */
  static RunningGateway reloading(byte[] module, Consumer<LogLine> log) {
    return new RunningGateway(
        SimulatedEnvoy.builder()
            .module(module)
            .logListener(log)
            .failurePolicy(FailurePolicy.FAIL_RELOAD)
            .reloadBackoff(Duration.ZERO),
        GatewaySettings.to("only", ClusterSettings.Echo.PLAIN),
        new TestJson());
  }

  /** A gateway whose built-in upstreams fail when they want to say something. */
  static RunningGateway faulty(byte[] module) {
    Json failing =
        new Json() {
          @Override
          public Object read(String text) {
            throw new IllegalStateException("a fault");
          }

          @Override
          public String write(Object value) {
            throw new IllegalStateException("a fault");
          }
        };
    return new RunningGateway(
        module, GatewaySettings.to("only", ClusterSettings.Echo.PLAIN), 1, failing);
  }

  /** The faults so far, which then count as expected. */
  List<Throwable> expectedFaults() {
    List<Throwable> all = List.copyOf(faults);
    faults.clear();
    return all;
  }

  static RunningGateway to(ClusterSettings cluster) {
    return with(GatewaySettings.to("only", cluster));
  }

  static RunningGateway echo() {
    return to(ClusterSettings.Echo.PLAIN);
  }

  Gateway gateway() {
    return gateway;
  }

  int port() {
    return gateway.address().getPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  RawClient connect() {
    return RawClient.to(port());
  }

  /** Stops, and returns the code details of all streams in the order of their ends. */
  List<String> stopped() {
    gateway.stop(Duration.ofSeconds(5));
    return details();
  }

  List<String> details() {
    return Guests.logged(envoy);
  }

  /** Waits until so many streams have ended. */
  List<String> awaitDetails(int count) {
    long deadlineNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (details().size() < count && System.nanoTime() < deadlineNanos) {
      pause(5);
    }
    return details();
  }

  /** Waits until so many connections have come. */
  void awaitConnections(int count) {
    long deadlineNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (gateway.summary().connections() < count && System.nanoTime() < deadlineNanos) {
      pause(5);
    }
  }

  /** Waits until so many streams have begun. */
  void awaitStreams(int count) {
    long deadlineNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (gateway.summary().streams() < count && System.nanoTime() < deadlineNanos) {
      pause(5);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    gateway.close();
    envoy.close();
    calls.ifPresent(ClusterCalls::close);
    if (!faults.isEmpty()) {
      throw new AssertionError("faults of the gateway", faults.get(0));
    }
  }
}
