package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import java.util.Optional;

/**
 * Proxy-Wasm ABI v0.2.1, section Buffers.
 *
 * <p>Source: proxy-wasm-cpp-host src/exports.cc; Envoy source/extensions/common/wasm/context.cc,
 * Context::getBuffer and Buffer::copyFrom.
 *
 * <p>Of a start beyond the end, which is undefined in proxy-wasm-cpp-host src/exports.cc,
 * get_buffer_bytes, this host makes BAD_ARGUMENT.
 */
final class BufferCalls {

  private final CallScope scope;

  BufferCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy("proxy_get_buffer_bytes", "i32 i32 i32 i32 i32 -> i32", this::getBytes);
    functions.proxy("proxy_get_buffer_status", "i32 i32 i32 -> i32", this::getStatus);
    functions.proxy("proxy_set_buffer_bytes", "i32 i32 i32 i32 i32 -> i32", this::setBytes);
  }

  private Optional<ByteQueue> buffer(BufferType type) {
    return scope.context().body(type).or(() -> unchangeable(type).map(ByteQueue::new));
  }

  private Optional<ByteString> unchangeable(BufferType type) {
    return switch (type) {
      case HTTP_CALL_RESPONSE_BODY, GRPC_RECEIVE_BUFFER, CALL_DATA ->
          scope.callResults().buffer(type);
      case HTTP_REQUEST_BODY, HTTP_RESPONSE_BODY, DOWNSTREAM_DATA, UPSTREAM_DATA ->
          // One that is not there reads as nothing.
          scope.context().buffer(type).or(() -> Optional.of(ByteString.EMPTY));
      case VM_CONFIGURATION, PLUGIN_CONFIGURATION -> scope.context().buffer(type);
    };
  }

  private WasmResult getBytes(long[] arguments) {
    Optional<BufferType> type = BufferType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    Optional<ByteQueue> buffer = buffer(type.get());
    if (buffer.isEmpty()) {
      return WasmResult.NOT_FOUND;
    }
    long start = Integer.toUnsignedLong((int) arguments[1]);
    long wanted = Integer.toUnsignedLong((int) arguments[2]);
    int size = buffer.get().size();
    if (start > size) {
      return WasmResult.BAD_ARGUMENT;
    }
    int end = (int) Math.min(start + wanted, size);
    if (end > start) {
      // Nothing to give leaves the guest's pointer and size as they were.
      scope.give(buffer.get().slice((int) start, end), (int) arguments[3], (int) arguments[4]);
    }
    return WasmResult.OK;
  }

  private WasmResult getStatus(long[] arguments) {
    Optional<BufferType> type = BufferType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    Optional<ByteQueue> buffer = buffer(type.get());
    if (buffer.isEmpty()) {
      return WasmResult.NOT_FOUND;
    }
    scope.writeInt((int) arguments[1], buffer.get().size());
    scope.writeInt((int) arguments[2], 0);
    return WasmResult.OK;
  }

  private WasmResult setBytes(long[] arguments) {
    Optional<BufferType> type = BufferType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    Optional<ByteQueue> buffer = buffer(type.get());
    if (buffer.isEmpty()) {
      return WasmResult.NOT_FOUND;
    }
    ByteString data = scope.read((int) arguments[3], (int) arguments[4]);
    Optional<ByteQueue> body = scope.context().body(type.get());
    if (body.isEmpty()) {
      // A configuration, what others have sent, or a body that is not there now.
      return WasmResult.BAD_ARGUMENT;
    }
    long start = Integer.toUnsignedLong((int) arguments[1]);
    int size = body.get().size();
    if (start == 0) {
      // More than there is means all of it: Envoy checks that in debug builds only.
      int drained = (int) Math.min(Integer.toUnsignedLong((int) arguments[2]), size);
      body.get().replaceFront(drained, data);
      return WasmResult.OK;
    }
    if (start < size) {
      return WasmResult.BAD_ARGUMENT;
    }
    body.get().append(data);
    return WasmResult.OK;
  }
}
