package dev.nametag.hostsim.tcp;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.WasmTrapException;
import dev.nametag.hostsim.stream.ConnectionAttributes;
import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.stream.Route;
import dev.nametag.hostsim.vm.WasmVm;
import dev.nametag.hostsim.vm.Worker.Admission;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A client's connection in Envoy: read through the module and then the TCP proxy, written through
 * the module. The proxy lets nothing be read before it has connected to upstream.
 *
 * <p>Source: Envoy source/common/network/filter_manager_impl.cc, onContinueReading and onWrite;
 * source/common/network/connection_impl.cc, write, onRead, doReadReady, doWriteReady and
 * bothSidesHalfClosed; source/common/tcp_proxy/tcp_proxy.cc, initialize, onUpstreamEvent and
 * onDownstreamEvent.
 */
final class ActiveConnection {

  private static final String SWOLLEN = "more than 64 MiB added";

  private final TcpSetup setup;
  private final boolean refused;
  private final Optional<NetworkFilter> filter;
  private final ReadBuffer fromClient;
  private final ReadBuffer fromUpstream;
  private final TcpResult.Recorder toClient = new TcpResult.Recorder();
  private final TcpResult.Recorder toUpstream = new TcpResult.Recorder();

  private boolean proxyMet;
  private boolean connected;
  private Optional<CloseType> closed = Optional.empty();
  private String closeReason = "";
  private long flags;
  private boolean running;

  ActiveConnection(Admission admission, TcpSetup setup) {
    this.setup = setup;
    this.refused = admission instanceof Admission.Refuse;
    this.filter =
        admission instanceof Admission.Run run
            ? Optional.of(new NetworkFilter(run, this, setup))
            : Optional.empty();
    int limit = setup.listener().bufferLimitBytes();
    this.fromClient = new ReadBuffer(limit);
    this.fromUpstream = new ReadBuffer(limit);
  }

  ByteQueue fromClient() {
    return fromClient.bytes();
  }

  ByteQueue fromUpstream() {
    return fromUpstream.bytes();
  }

  TcpResult result() {
    Optional<WasmVm> vm = filter.map(NetworkFilter::vm);
    return new TcpResult(
        toClient.side(),
        connected ? Optional.of(toUpstream.side()) : Optional.empty(),
        closed,
        closeReason,
        flags,
        filter.isPresent(),
        vm.flatMap(WasmVm::failure).map(WasmTrapException::getMessage));
  }

  /** Does something, and then whatever can be done because of that. */
  void then(Runnable action) {
    if (running) {
      action.run();
      return;
    }
    running = true;
    try {
      action.run();
      settle();
    } finally {
      running = false;
    }
    if (closed.isPresent()) {
      filter.ifPresent(NetworkFilter::forget);
      fromClient.bytes().clear();
      fromUpstream.bytes().clear();
    }
  }

  // What client and upstream do.

  void open() {
    if (refused) {
      close(CloseType.LOCAL, "");
    } else if (filter.map(NetworkFilter::newConnection).orElse(true) && isOpen()) {
      meetProxy();
    }
  }

  void clientSends(ByteString bytes, boolean end) {
    if (isOpen()) {
      fromClient.arrive(bytes, end);
    }
  }

  void clientResets() {
    close(CloseType.REMOTE, "");
  }

  void upstreamSends(ByteString bytes, boolean end) {
    requireUpstream();
    if (isOpen()) {
      fromUpstream.arrive(bytes, end);
    }
  }

  /** The proxy closes the client's connection as well. */
  void upstreamResets() {
    requireUpstream();
    close(CloseType.LOCAL, "");
  }

  private void requireUpstream() {
    if (!connected) {
      throw new IllegalStateException("Envoy has not connected to upstream");
    }
  }

  // What the module does.

  /** The filter after the module goes on with what there is: {@code continueReading}. */
  void resumeReading() {
    if (isOpen()) {
      meetProxy();
      passToUpstream();
    }
  }

  void close(CloseType by, String reason) {
    if (isOpen()) {
      closed = Optional.of(by);
      closeReason = reason;
      filter.ifPresent(module -> module.downstreamClosed(by));
    }
  }

  private boolean isOpen() {
    return closed.isEmpty();
  }

  // The TCP proxy, and the connection's own work.

  private void meetProxy() {
    if (proxyMet) {
      return;
    }
    proxyMet = true;
    Route.Cluster cluster = setup.cluster();
    note(attributes -> attributes.chosen(cluster));
    if (!cluster.healthy()) {
      flag(ResponseFlag.NO_HEALTHY_UPSTREAM);
      close(CloseType.LOCAL, "");
      return;
    }
    note(attributes -> attributes.tried(cluster.host()));
    if (setup.refused()) {
      flag(ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
      flag(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED);
      close(CloseType.LOCAL, "");
      return;
    }
    connected = true;
  }

  private void settle() {
    boolean busy = connected;
    while (busy && isOpen()) {
      busy = false;
      if (fromClient.readable()) {
        busy = true;
        readFromClient();
      }
      if (isOpen() && fromUpstream.readable()) {
        busy = true;
        readFromUpstream();
      }
    }
    if (fromClient.swollen(toUpstream.size()) || fromUpstream.swollen(toClient.size())) {
      close(CloseType.LOCAL, SWOLLEN);
    } else if (fromUpstream.ended() && toUpstream.ended()) {
      // Upstream's connection is over, and so is the client's, whatever is held.
      close(CloseType.LOCAL, "");
    }
  }

  private void readFromClient() {
    fromClient.read();
    int size = fromClient.bytes().size();
    boolean end = fromClient.ended();
    note(attributes -> attributes.received(size));
    if (filter.map(module -> module.downstreamData(size, end)).orElse(true)) {
      passToUpstream();
    }
    if (end && toClient.ended()) {
      close(CloseType.REMOTE, "");
    }
  }

  private void passToUpstream() {
    boolean something = !fromClient.bytes().isEmpty() || fromClient.ended();
    if (isOpen() && connected && something && !toUpstream.ended()) {
      toUpstream.write(fromClient.bytes().take(), fromClient.ended());
    }
  }

  private void readFromUpstream() {
    fromUpstream.read();
    int size = fromUpstream.bytes().size();
    boolean end = fromUpstream.ended();
    boolean passes = filter.map(module -> module.upstreamData(size, end)).orElse(true);
    if (passes && isOpen()) {
      ByteString bytes = fromUpstream.bytes().take();
      note(attributes -> attributes.sent(bytes.size()));
      toClient.write(bytes, end);
      if (end && fromClient.ended()) {
        close(CloseType.LOCAL, "");
      }
    }
  }

  private void flag(ResponseFlag flag) {
    flags |= flag.bit();
    note(attributes -> attributes.flag(flag));
  }

  private void note(Consumer<ConnectionAttributes> what) {
    filter.ifPresent(module -> what.accept(module.context().attributes()));
  }
}
