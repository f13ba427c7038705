package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.List;
import java.util.Optional;

/**
 * Proxy-Wasm ABI v0.2.1, sections Streams and HTTP streams.
 *
 * <p>Source: proxy-wasm-cpp-host src/exports.cc; Envoy source/extensions/common/wasm/context.cc,
 * Context::continueStream, closeStream and sendLocalResponse. In a context without a stream, such
 * as a root, they do nothing and answer OK.
 */
final class StreamCalls {

  private final CallScope scope;

  StreamCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions, AbiVersion version) {
    functions.proxy(
        "proxy_send_local_response",
        "i32 i32 i32 i32 i32 i32 i32 i32 -> i32",
        this::sendLocalResponse);
    if (version == AbiVersion.V0_1_0) {
      functions.proxy(
          "proxy_continue_request",
          "void -> i32",
          a -> scope.context().continueStream(StreamType.HTTP_REQUEST));
      functions.proxy(
          "proxy_continue_response",
          "void -> i32",
          a -> scope.context().continueStream(StreamType.HTTP_RESPONSE));
      // A simulated stream has one route, so that there is nothing to choose again.
      functions.proxy("proxy_clear_route_cache", "void -> i32", a -> WasmResult.OK);
    } else {
      functions.proxy("proxy_continue_stream", "i32 -> i32", this::continueStream);
      functions.proxy("proxy_close_stream", "i32 -> i32", this::closeStream);
    }
  }

  private WasmResult continueStream(long[] arguments) {
    Optional<StreamType> type = StreamType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    return switch (type.get()) {
      case HTTP_REQUEST, HTTP_RESPONSE, DOWNSTREAM -> scope.context().continueStream(type.get());
      case UPSTREAM -> WasmResult.UNIMPLEMENTED;
    };
  }

  private WasmResult closeStream(long[] arguments) {
    Optional<StreamType> type = StreamType.of((int) arguments[0]);
    return type.isEmpty() ? WasmResult.BAD_ARGUMENT : scope.context().closeStream(type.get());
  }

  private WasmResult sendLocalResponse(long[] arguments) {
    ByteString details = scope.read((int) arguments[1], (int) arguments[2]);
    ByteString body = scope.read((int) arguments[3], (int) arguments[4]);
    List<Header> headers = Pairs.headers(scope.read((int) arguments[5], (int) arguments[6]));
    return scope
        .context()
        .sendLocalResponse(
            new LocalResponse((int) arguments[0], details, body, headers, (int) arguments[7]));
  }
}
