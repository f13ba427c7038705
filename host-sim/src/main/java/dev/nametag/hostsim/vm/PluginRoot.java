package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.RootActions;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.upstream.Clusters;
import dev.nametag.hostsim.upstream.HttpCall;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The root context of a VM as far as it acts: ticks, calls, the end.
 *
 * <p>Source: proxy-wasm-cpp-host src/wasm.cc, WasmBase::startShutdown and done; Envoy
 * source/extensions/common/wasm/wasm.cc, Wasm::setTimerPeriod and tickHandler.
 */
final class VmRoot implements RootActions {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final WasmVm vm;
  private final String vmId;
  private final HttpCallouts http;
  private final GrpcCallouts grpc;
  private final DnsLookups dns;

  private int tickMillis;
  private int timer;
  private boolean waitsForDone;

  VmRoot(WasmVm vm, String vmId, Clusters clusters) {
    this.vm = vm;
    this.vmId = vmId;
    this.http = new HttpCallouts(vm, clusters);
    this.grpc = new GrpcCallouts(vm, clusters);
    this.dns = new DnsLookups(vm, clusters);
  }

  /** Tells the module that the plugin goes away; it may ask to wait. */
  void shutDown() {
    if (vm.callRoot(Callback.ON_DONE) != 0) {
      delete();
    } else {
      waitsForDone = true;
    }
  }

  private void delete() {
    vm.callRoot(Callback.ON_DELETE);
    vm.close();
  }

  @Override
  public int rootId() {
    return RootContext.ID;
  }

  @Override
  public String vmId() {
    return vmId;
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
    // A timer that was running does nothing when its time comes.
    timer++;
    startTimer();
  }

  private void startTimer() {
    if (tickMillis > 0) {
      int mine = timer;
      vm.loop().after(tickMillis * NANOS_PER_MILLI, () -> tick(mine));
    }
  }

  private void tick(int started) {
    if (started != timer || vm.ended()) {
      return;
    }
    try {
      vm.callRoot(Callback.ON_TICK);
    } finally {
      if (started == timer) {
        startTimer();
      }
    }
  }

  @Override
  public IntConsumer queueReady() {
    return token -> vm.loop().post(() -> vm.callRoot(Callback.ON_QUEUE_READY, token));
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
}
