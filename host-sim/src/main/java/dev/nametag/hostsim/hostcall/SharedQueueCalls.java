package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.Optional;
import java.util.OptionalInt;

/** Proxy-Wasm ABI v0.2.1, section Shared queues. Source: proxy-wasm-cpp-host src/context.cc. */
final class SharedQueueCalls {

  private final CallScope scope;

  SharedQueueCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy("proxy_register_shared_queue", "i32 i32 i32 -> i32", this::register);
    functions.proxy("proxy_resolve_shared_queue", "i32 i32 i32 i32 i32 -> i32", this::resolve);
    functions.proxy("proxy_dequeue_shared_queue", "i32 i32 i32 -> i32", this::dequeue);
    functions.proxy("proxy_enqueue_shared_queue", "i32 i32 i32 -> i32", this::enqueue);
  }

  private WasmResult register(long[] arguments) {
    ByteString name = scope.read((int) arguments[0], (int) arguments[1]);
    RootActions root = scope.root();
    int token = scope.shared().queues().register(root.vmId(), name, root.queueReady());
    scope.writeInt((int) arguments[2], token);
    return WasmResult.OK;
  }

  /** An empty vm_id is the VM's own. */
  private WasmResult resolve(long[] arguments) {
    String vmId = scope.read((int) arguments[0], (int) arguments[1]).toString();
    ByteString name = scope.read((int) arguments[2], (int) arguments[3]);
    OptionalInt token =
        scope.shared().queues().resolve(vmId.isEmpty() ? scope.root().vmId() : vmId, name);
    if (token.isEmpty()) {
      return WasmResult.NOT_FOUND;
    }
    scope.writeInt((int) arguments[4], token.getAsInt());
    return WasmResult.OK;
  }

  private WasmResult dequeue(long[] arguments) {
    int token = (int) arguments[0];
    if (!scope.shared().queues().exists(token)) {
      return WasmResult.NOT_FOUND;
    }
    Optional<ByteString> element = scope.shared().queues().dequeue(token);
    if (element.isEmpty()) {
      return WasmResult.EMPTY;
    }
    scope.give(element.get(), (int) arguments[1], (int) arguments[2]);
    return WasmResult.OK;
  }

  private WasmResult enqueue(long[] arguments) {
    ByteString element = scope.read((int) arguments[1], (int) arguments[2]);
    return scope.shared().queues().enqueue((int) arguments[0], element)
        ? WasmResult.OK
        : WasmResult.NOT_FOUND;
  }
}
