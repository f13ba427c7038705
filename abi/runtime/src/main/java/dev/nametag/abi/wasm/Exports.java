package dev.nametag.abi.wasm;

import dev.nametag.abi.Dispatcher;
import org.teavm.interop.Export;
import org.teavm.interop.Unmanaged;

/**
 * The callbacks as they are exported, but for that of {@link HostMemory}. Each starts with an empty
 * arena, delegates at once, and if that needed objects, gives back what the arena had no room for;
 * the dispatcher catches what callbacks throw. Those that come with every stream are not managed:
 * they ask for managed code only if there is something for it to do.
 */
final class Exports {
  /** The one piece of state behind the exports; set by {@link ProxyWasm#run}. */
  static Dispatcher dispatcher;

  private Exports() {}

  @Export(name = "proxy_abi_version_0_2_1")
  static void proxyAbiVersion021() {}

  @Unmanaged
  @Export(name = "proxy_on_context_create")
  static void proxyOnContextCreate(int contextId, int parentContextId) {
    if (!dispatcher.onContextCreateHeapFree(parentContextId)) {
      onContextCreate(contextId, parentContextId);
    }
  }

  private static void onContextCreate(int contextId, int parentContextId) {
    HostMemory.reset();
    dispatcher.onContextCreate(contextId, parentContextId);
    HostMemory.giveBack();
  }

  @Export(name = "proxy_on_vm_start")
  static int proxyOnVmStart(int contextId, int vmConfigurationSize) {
    HostMemory.reset();
    boolean started = dispatcher.onVmStart(contextId, vmConfigurationSize);
    HostMemory.giveBack();
    return started ? 1 : 0;
  }

  @Export(name = "proxy_on_configure")
  static int proxyOnConfigure(int contextId, int pluginConfigurationSize) {
    HostMemory.reset();
    boolean configured = dispatcher.onConfigure(contextId, pluginConfigurationSize);
    HostMemory.giveBack();
    return configured ? 1 : 0;
  }

  @Unmanaged
  @Export(name = "proxy_on_log")
  static void proxyOnLog(int contextId) {
    HostMemory.reset();
    if (!dispatcher.onLogHeapFree(contextId)) {
      onLog(contextId);
    }
  }

  private static void onLog(int contextId) {
    dispatcher.onLogInJava(contextId);
    HostMemory.giveBack();
  }

  @Export(name = "proxy_on_done")
  static int proxyOnDone(int contextId) {
    HostMemory.reset();
    boolean done = dispatcher.onDone(contextId);
    HostMemory.giveBack();
    return done ? 1 : 0;
  }

  @Unmanaged
  @Export(name = "proxy_on_delete")
  static void proxyOnDelete(int contextId) {
    if (!dispatcher.onDeleteHeapFree(contextId)) {
      onDelete(contextId);
    }
  }

  private static void onDelete(int contextId) {
    HostMemory.reset();
    dispatcher.onDelete(contextId);
    HostMemory.giveBack();
  }
}
