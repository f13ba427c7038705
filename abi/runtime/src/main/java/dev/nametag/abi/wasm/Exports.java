package dev.nametag.abi.wasm;

import dev.nametag.abi.Dispatcher;
import org.teavm.interop.Address;
import org.teavm.interop.Export;

/**
 * The callbacks as they are exported. Each starts with an empty arena and delegates at once; the
 * dispatcher catches what callbacks throw.
 */
final class Exports {
  /** The one piece of state behind the exports; set by {@link ProxyWasm#run}. */
  static Dispatcher dispatcher;

  private Exports() {}

  @Export(name = "proxy_abi_version_0_2_1")
  static void proxyAbiVersion021() {}

  /** The host calls this in the middle of hostcalls, so it must not empty the arena. */
  @Export(name = "proxy_on_memory_allocate")
  static Address proxyOnMemoryAllocate(int size) {
    return HostMemory.allocate(size);
  }

  @Export(name = "proxy_on_context_create")
  static void proxyOnContextCreate(int contextId, int parentContextId) {
    HostMemory.reset();
    dispatcher.onContextCreate(contextId, parentContextId);
  }

  @Export(name = "proxy_on_vm_start")
  static int proxyOnVmStart(int contextId, int vmConfigurationSize) {
    HostMemory.reset();
    return dispatcher.onVmStart(contextId, vmConfigurationSize) ? 1 : 0;
  }

  @Export(name = "proxy_on_configure")
  static int proxyOnConfigure(int contextId, int pluginConfigurationSize) {
    HostMemory.reset();
    return dispatcher.onConfigure(contextId, pluginConfigurationSize) ? 1 : 0;
  }

  @Export(name = "proxy_on_log")
  static void proxyOnLog(int contextId) {
    HostMemory.reset();
    dispatcher.onLog(contextId);
  }

  @Export(name = "proxy_on_done")
  static int proxyOnDone(int contextId) {
    HostMemory.reset();
    return dispatcher.onDone(contextId) ? 1 : 0;
  }

  @Export(name = "proxy_on_delete")
  static void proxyOnDelete(int contextId) {
    HostMemory.reset();
    dispatcher.onDelete(contextId);
  }
}
