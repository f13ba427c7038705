package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.List;

/** Proxy-Wasm ABI v0.2.1, section HTTP calls. Source: proxy-wasm-cpp-host src/exports.cc. */
final class HttpCallCalls {

  private final CallScope scope;

  HttpCallCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy(
        "proxy_http_call", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 -> i32", this::httpCall);
  }

  private WasmResult httpCall(long[] arguments) {
    ByteString cluster = scope.read((int) arguments[0], (int) arguments[1]);
    ByteString body = scope.read((int) arguments[4], (int) arguments[5]);
    List<Header> headers = Pairs.headers(scope.read((int) arguments[2], (int) arguments[3]));
    List<Header> trailers = Pairs.headers(scope.read((int) arguments[6], (int) arguments[7]));
    int tokenAddress = (int) arguments[9];
    // Written before the call starts, so that a bad address starts none.
    scope.writeInt(tokenAddress, 0);
    RootActions.Started started =
        scope.root().httpCall(cluster, headers, body, trailers, (int) arguments[8]);
    scope.writeInt(tokenAddress, started.token());
    return started.result();
  }
}
