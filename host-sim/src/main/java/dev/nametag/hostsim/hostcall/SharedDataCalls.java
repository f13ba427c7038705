package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.shared.SharedData;
import java.util.Optional;

/** Proxy-Wasm ABI v0.2.1, section Shared key-value store. */
final class SharedDataCalls {

  private final CallScope scope;

  SharedDataCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy("proxy_get_shared_data", "i32 i32 i32 i32 i32 -> i32", this::get);
    functions.proxy("proxy_set_shared_data", "i32 i32 i32 i32 i32 -> i32", this::set);
  }

  private WasmResult get(long[] arguments) {
    ByteString key = scope.read((int) arguments[0], (int) arguments[1]);
    Optional<SharedData.Versioned> found = scope.shared().data().get(scope.root().vmId(), key);
    if (found.isEmpty()) {
      return WasmResult.NOT_FOUND;
    }
    scope.give(found.get().value(), (int) arguments[2], (int) arguments[3]);
    scope.writeInt((int) arguments[4], found.get().cas());
    return WasmResult.OK;
  }

  private WasmResult set(long[] arguments) {
    ByteString key = scope.read((int) arguments[0], (int) arguments[1]);
    ByteString value = scope.read((int) arguments[2], (int) arguments[3]);
    return scope.shared().data().set(scope.root().vmId(), key, value, (int) arguments[4])
        ? WasmResult.OK
        : WasmResult.CAS_MISMATCH;
  }
}
