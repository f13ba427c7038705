package dev.nametag.hostsim.tcp;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.vm.Callback;
import dev.nametag.hostsim.vm.PluginRoot;
import dev.nametag.hostsim.vm.WasmVm;
import dev.nametag.hostsim.vm.Worker.Admission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A module in one connection: which callback runs when, and what its hostcalls do.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, Context::onNewConnection to onEvent,
 * onCloseTCP, continueStream, closeStream and failStream; proxy-wasm-cpp-host src/context.cc,
 * CHECK_FAIL_NET and its uses.
 */
final class NetworkFilter {

  private final PluginRoot root;
  private final WasmVm vm;
  private final boolean failOpen;
  private final ActiveConnection connection;
  private final NetworkContext context;

  private boolean calling;
  private boolean downstreamShown;
  private boolean upstreamShown;

  /** What is to be done once the callback that is running has returned: each but once. */
  private final Set<Due> due = EnumSet.noneOf(Due.class);

  private enum Due {
    RESUME,
    CLOSE,
    LOOK_AT_BUFFERS
  }

  NetworkFilter(Admission.Run admission, ActiveConnection connection, TcpSetup setup) {
    this.root = admission.root();
    this.vm = root.vm();
    this.failOpen = admission.failOpen();
    this.connection = connection;
    this.context = new NetworkContext(vm.newContextId(), root, this, setup);
    vm.add(context);
  }

  WasmVm vm() {
    return vm;
  }

  NetworkContext context() {
    return context;
  }

  /** Whether the connection goes on. */
  boolean newConnection() {
    vm.createContext(context);
    return call(() -> vm.callWithConnection(context));
  }

  /** Whether what has come from the client goes on. */
  boolean downstreamData(int size, boolean end) {
    downstreamShown = true;
    boolean passes = call(() -> vm.callWithBody(context, Callback.ON_DOWNSTREAM_DATA, size, end));
    downstreamShown = !passes;
    return passes;
  }

  /**
   * Whether what has come from upstream goes on. Its end is all that a module hears of upstream's
   * side, whatever becomes of that end.
   */
  boolean upstreamData(int size, boolean end) {
    upstreamShown = true;
    boolean passes = call(() -> vm.callWithBody(context, Callback.ON_UPSTREAM_DATA, size, end));
    upstreamShown = !passes;
    if (end) {
      closed(Callback.ON_UPSTREAM_CONNECTION_CLOSE, CloseType.UNKNOWN);
    }
    return passes;
  }

  /** The client's connection is closed, which is the end for the module. */
  void downstreamClosed(CloseType by) {
    closed(Callback.ON_DOWNSTREAM_CONNECTION_CLOSE, by);
    vm.call(context, Callback.ON_DONE);
    vm.call(context, Callback.ON_LOG);
    vm.call(context, Callback.ON_DELETE);
  }

  private void closed(Callback callback, CloseType by) {
    vm.callWithNumber(context, callback, by.number());
  }

  /** Nothing happens to the connection any more. */
  void forget() {
    vm.remove(context);
  }

  /**
   * Makes a callback and looks at what has become of the VM: a connection that meets a failed VM is
   * closed whatever the policy says; only with the old fail_open, it goes on.
   */
  private boolean call(LongSupplier callback) {
    boolean outer = calling;
    calling = true;
    long status;
    try {
      status = vm.failed() ? 0 : callback.getAsLong();
    } finally {
      calling = outer;
    }
    if (vm.failed() && !failOpen) {
      connection.close(CloseType.LOCAL, "");
      return false;
    }
    return status == 0;
  }

  void resume() {
    afterCall(Due.RESUME, connection::resumeReading);
  }

  void close(String reason) {
    afterCall(Due.CLOSE, () -> connection.close(CloseType.LOCAL, reason));
  }

  Optional<ByteQueue> buffer(BufferType type) {
    return switch (type) {
      case DOWNSTREAM_DATA -> buffer(downstreamShown, connection.fromClient());
      case UPSTREAM_DATA -> buffer(upstreamShown, connection.fromUpstream());
      default -> Optional.empty();
    };
  }

  /** The module may change it, which can make room for more. */
  private Optional<ByteQueue> buffer(boolean shown, ByteQueue bytes) {
    if (!shown) {
      return Optional.empty();
    }
    afterCall(Due.LOOK_AT_BUFFERS, () -> {});
    return Optional.of(bytes);
  }

  /** After a trap, the connection is closed before anything else. */
  private void afterCall(Due what, Runnable action) {
    if (due.add(what)) {
      vm.afterCall(
          () -> {
            due.remove(what);
            if (!calling || !vm.failed() || failOpen) {
              connection.then(action);
            }
          });
    }
  }
}
