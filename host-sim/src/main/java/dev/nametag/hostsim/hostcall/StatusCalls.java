package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.Optional;

/**
 * What belongs to several sections: the status of the last call, the configuration in ABI 0.1.0,
 * and Envoy's own resolver. Source: Envoy source/extensions/common/wasm/context.cc,
 * Context::getStatus and getConfiguration; source/extensions/common/wasm/wasm.cc,
 * Wasm::registerCallbacks.
 */
final class StatusCalls {

  private final CallScope scope;

  StatusCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions, AbiVersion version) {
    functions.proxy("proxy_get_status", "i32 i32 i32 -> i32", this::getStatus);
    functions.proxy("envoy_resolve_dns", "i32 i32 i32 -> i32", this::resolveDns);
    if (version == AbiVersion.V0_1_0) {
      functions.proxy("proxy_get_configuration", "i32 i32 -> i32", this::getConfiguration);
    }
  }

  /** The status is the root's; a stream's context has none of its own. */
  private WasmResult getStatus(long[] arguments) {
    boolean root = scope.context().id() == scope.root().rootId();
    CallResults results = scope.callResults();
    scope.writeInt((int) arguments[0], root ? results.status() : 0);
    scope.give(root ? results.message() : ByteString.EMPTY, (int) arguments[1], (int) arguments[2]);
    return WasmResult.OK;
  }

  /** The plugin's configuration while that is there, else the VM's. */
  private WasmResult getConfiguration(long[] arguments) {
    CallContext context = scope.context();
    Optional<ByteString> configuration =
        context
            .buffer(BufferType.PLUGIN_CONFIGURATION)
            .or(() -> context.buffer(BufferType.VM_CONFIGURATION));
    scope.give(configuration.orElse(ByteString.EMPTY), (int) arguments[0], (int) arguments[1]);
    return WasmResult.OK;
  }

  private WasmResult resolveDns(long[] arguments) {
    ByteString name = scope.read((int) arguments[0], (int) arguments[1]);
    int tokenAddress = (int) arguments[2];
    scope.writeInt(tokenAddress, 0);
    RootActions.Started started = scope.root().resolveDns(name);
    scope.writeInt(tokenAddress, started.token());
    return started.result();
  }
}
