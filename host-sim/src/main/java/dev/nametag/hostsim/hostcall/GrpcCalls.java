package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.List;

/** Proxy-Wasm ABI v0.2.1, section gRPC calls. Source: proxy-wasm-cpp-host src/exports.cc. */
final class GrpcCalls {

  private final CallScope scope;

  GrpcCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy(
        "proxy_grpc_call", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 -> i32", this::call);
    functions.proxy(
        "proxy_grpc_stream", "i32 i32 i32 i32 i32 i32 i32 i32 i32 -> i32", this::stream);
    functions.proxy("proxy_grpc_send", "i32 i32 i32 i32 -> i32", this::send);
    functions.proxy("proxy_grpc_cancel", "i32 -> i32", a -> scope.root().grpcCancel((int) a[0]));
    functions.proxy("proxy_grpc_close", "i32 -> i32", a -> scope.root().grpcClose((int) a[0]));
  }

  private RootActions.GrpcTarget target(long[] arguments) {
    return new RootActions.GrpcTarget(
        scope.read((int) arguments[0], (int) arguments[1]),
        scope.read((int) arguments[2], (int) arguments[3]),
        scope.read((int) arguments[4], (int) arguments[5]));
  }

  private List<Header> metadata(long[] arguments) {
    return Pairs.headers(scope.read((int) arguments[6], (int) arguments[7]));
  }

  private WasmResult call(long[] arguments) {
    RootActions.GrpcTarget target = target(arguments);
    List<Header> metadata = metadata(arguments);
    ByteString message = scope.read((int) arguments[8], (int) arguments[9]);
    return started(
        scope.root().grpcCall(target, metadata, message, (int) arguments[10]), (int) arguments[11]);
  }

  private WasmResult stream(long[] arguments) {
    RootActions.GrpcTarget target = target(arguments);
    return started(scope.root().grpcStream(target, metadata(arguments)), (int) arguments[8]);
  }

  private WasmResult started(RootActions.Started started, int tokenAddress) {
    if (started.result() == WasmResult.OK) {
      scope.writeInt(tokenAddress, started.token());
    }
    return started.result();
  }

  private WasmResult send(long[] arguments) {
    ByteString message = scope.read((int) arguments[1], (int) arguments[2]);
    return scope.root().grpcSend((int) arguments[0], message, (int) arguments[3] != 0);
  }
}
