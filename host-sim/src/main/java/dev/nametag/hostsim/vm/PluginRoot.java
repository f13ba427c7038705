package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.expression.RootExpressions;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.hostcall.CallResults;
import dev.nametag.hostsim.hostcall.Expressions;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.RootActions;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.time.EventLoop;
import dev.nametag.hostsim.upstream.Clusters;
import dev.nametag.hostsim.upstream.HttpCall;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A plugin in a VM: its root context and what goes on there, from the start through ticks and calls
 * to the end. Several plugins can share a VM.
 *
 * <p>Source: proxy-wasm-cpp-host src/wasm.cc, WasmBase::start, startShutdown and done;
 * src/context.cc, ContextBase::onStart and onConfigure; Envoy
 * source/extensions/common/wasm/wasm.cc, Wasm::setTimerPeriod and tickHandler.
 */
public final class PluginRoot implements RootActions {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final WasmVm vm;
  private final PluginSettings plugin;
  private final RootContext context;
  private final CallResults results = new CallResults();
  private final HttpCallouts http;
  private final GrpcCallouts grpc;
  private final DnsLookups dns;
  private final Expressions expressions;

  private int tickMillis;
  private Optional<EventLoop.Event> timer = Optional.empty();
  private boolean waitsForDone;
  private boolean over;

  PluginRoot(WasmVm vm, int id, PluginSettings plugin, Clusters clusters) {
    this.vm = vm;
    this.plugin = plugin;
    this.context = new RootContext(id, this);
    this.http = new HttpCallouts(this, clusters);
    this.grpc = new GrpcCallouts(this, clusters);
    this.dns = new DnsLookups(this, clusters);
    this.expressions = new RootExpressions(plugin.release());
  }

  /** Where it is; the VM may have failed. */
  public WasmVm vm() {
    return vm;
  }

  /** What the plugin was configured with. */
  public PluginSettings plugin() {
    return plugin;
  }

  RootContext context() {
    return context;
  }

  /** Whether no callback about the plugin reaches the module any more. */
  boolean ended() {
    return over || vm.ended();
  }

  /**
   * Creates the root context, starts the VM and configures the plugin.
   *
   * @throws ConfigurationRejectedException when the module says no or traps
   */
  void start() {
    int id = context.id();
    context.configuring(true);
    vm.call(context, Callback.ON_CONTEXT_CREATE, 0, id, 0);
    context.configuring(false);
    rejectIfFailed("Failed to start base Wasm");
    long started = vm.call(context, Callback.ON_VM_START, 1, id, plugin.vmConfiguration().size());
    rejectIfFailed("Failed to start base Wasm");
    if (started == 0) {
      throw new ConfigurationRejectedException(
          "Failed to start base Wasm: proxy_on_vm_start returned false");
    }
    context.configuring(true);
    long configured =
        vm.call(context, Callback.ON_CONFIGURE, 1, id, plugin.pluginConfiguration().size());
    context.configuring(false);
    rejectIfFailed("Failed to configure base Wasm plugin");
    if (configured == 0) {
      throw new ConfigurationRejectedException(
          "Failed to configure base Wasm plugin: proxy_on_configure returned false");
    }
  }

  private void rejectIfFailed(String message) {
    vm.failure()
        .ifPresent(
            trap -> {
              throw new ConfigurationRejectedException(message + ": " + trap.getMessage(), trap);
            });
  }

  /** Calls about the root context; with its id, then the other arguments. */
  void call(Callback callback, int... others) {
    answer(callback, 0, others);
  }

  private long answer(Callback callback, long otherwise, int... others) {
    long[] arguments = new long[others.length + 1];
    arguments[0] = context.id();
    for (int i = 0; i < others.length; i++) {
      arguments[i + 1] = others[i];
    }
    return vm.call(context, callback, otherwise, arguments);
  }

  /** Tells the module of stats; it reads them as what a call has brought. */
  void statsUpdate(ByteString update) {
    results.show(BufferType.CALL_DATA, update);
    call(Callback.ON_STATS_UPDATE, update.size());
    results.clear();
  }

  /** Tells the module that the plugin goes away; it may ask to wait. */
  void shutDown() {
    if (answer(Callback.ON_DONE, 1) != 0) {
      delete();
    } else {
      waitsForDone = true;
    }
  }

  private void delete() {
    call(Callback.ON_DELETE);
    over = true;
    vm.over(this);
  }

  @Override
  public int rootId() {
    return context.id();
  }

  @Override
  public String vmId() {
    return plugin.vmId();
  }

  @Override
  public CallResults results() {
    return results;
  }

  @Override
  public WasmResult done() {
    if (!waitsForDone) {
      return WasmResult.NOT_FOUND;
    }
    waitsForDone = false;
    vm.afterCall(this::delete);
    return WasmResult.OK;
  }

  @Override
  public void setTickPeriod(int millis) {
    tickMillis = millis;
    timer.ifPresent(vm.loop()::cancel);
    startTimer();
  }

  private void startTimer() {
    timer =
        tickMillis > 0
            ? Optional.of(vm.loop().after(tickMillis * NANOS_PER_MILLI, this::tick))
            : Optional.empty();
  }

  private void tick() {
    if (ended()) {
      return;
    }
    Optional<EventLoop.Event> started = timer;
    try {
      call(Callback.ON_TICK);
    } finally {
      // Unless the module has set another.
      if (timer.equals(started)) {
        startTimer();
      }
    }
  }

  @Override
  public IntConsumer queueReady() {
    return token -> vm.loop().post(() -> call(Callback.ON_QUEUE_READY, token));
  }

  @Override
  public Started httpCall(
      ByteString cluster,
      List<Header> headers,
      ByteString body,
      List<Header> trailers,
      int timeoutMillis) {
    return http.call(new HttpCall(cluster.toString(), headers, body, trailers), timeoutMillis);
  }

  @Override
  public Started grpcCall(
      GrpcTarget target, List<Header> metadata, ByteString message, int timeoutMillis) {
    return grpc.call(target, metadata, message, timeoutMillis);
  }

  @Override
  public Started grpcStream(GrpcTarget target, List<Header> metadata) {
    return grpc.stream(target, metadata);
  }

  @Override
  public WasmResult grpcSend(int token, ByteString message, boolean endOfStream) {
    return grpc.send(token, message, endOfStream);
  }

  @Override
  public WasmResult grpcClose(int token) {
    return grpc.close(token);
  }

  @Override
  public WasmResult grpcCancel(int token) {
    return grpc.cancel(token);
  }

  @Override
  public Started resolveDns(ByteString name) {
    return new Started(WasmResult.OK, dns.start(name));
  }

  @Override
  public Expressions expressions() {
    return expressions;
  }
}
