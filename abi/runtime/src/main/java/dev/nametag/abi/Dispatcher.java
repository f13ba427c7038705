package dev.nametag.abi;

/**
 * Hands each callback of the host to the context that it is for, and catches whatever that throws:
 * an exception that left the module would be a trap, which ends the VM and, with the usual
 * policies, all traffic through it. A caught one is logged with its class and message, and the
 * request goes on.
 */
public final class Dispatcher {
  private final Hostcalls host;
  private final RootFactory factory;
  private final ContextTable contexts = new ContextTable();

  /** Makes the root contexts of a filter. */
  @FunctionalInterface
  public interface RootFactory {
    /** Returns a new root context that talks to this host. */
    RootContext create(Hostcalls host);
  }

  /** Dispatches to contexts that the factory makes. */
  public Dispatcher(Hostcalls host, RootFactory factory) {
    this.host = host;
    this.factory = factory;
  }

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_on_context_create; parent 0 means a root context. */
  public void onContextCreate(int contextId, int parentContextId) {
    try {
      if (parentContextId == 0) {
        contexts.put(contextId, factory.create(host));
      } else if (contexts.get(parentContextId) instanceof RootContext root) {
        contexts.put(contextId, root.createHttpContext(contextId));
      }
    } catch (Throwable e) {
      failed("proxy_on_context_create", e);
    }
  }

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_on_vm_start. */
  public boolean onVmStart(int contextId, int vmConfigurationSize) {
    RootContext root = root(contextId);
    try {
      return root == null || root.onVmStart(vmConfigurationSize);
    } catch (Throwable e) {
      failed("proxy_on_vm_start", e);
      return root.continuesAfterFailure();
    }
  }

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_on_configure. */
  public boolean onConfigure(int contextId, int pluginConfigurationSize) {
    RootContext root = root(contextId);
    try {
      return root == null || root.onConfigure(pluginConfigurationSize);
    } catch (Throwable e) {
      failed("proxy_on_configure", e);
      return root.continuesAfterFailure();
    }
  }

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_on_log. */
  public void onLog(int contextId) {
    try {
      if (contexts.get(contextId) instanceof HttpContext stream) {
        stream.onLog(contextId);
      }
    } catch (Throwable e) {
      failed("proxy_on_log", e);
    }
  }

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_on_done. */
  public boolean onDone(int contextId) {
    try {
      return !(contexts.get(contextId) instanceof HttpContext stream) || stream.onDone(contextId);
    } catch (Throwable e) {
      failed("proxy_on_done", e);
      return true;
    }
  }

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_on_delete. */
  public void onDelete(int contextId) {
    try {
      if (contexts.remove(contextId) instanceof HttpContext stream) {
        stream.onDelete(contextId);
      }
    } catch (Throwable e) {
      failed("proxy_on_delete", e);
    }
  }

  private RootContext root(int contextId) {
    return contexts.get(contextId) instanceof RootContext root ? root : null;
  }

  private void failed(String callback, Throwable e) {
    host.log(LogLevel.ERROR, callback + ": " + describe(e));
  }

  /** Returns an exception's class and, if it has one, its message. */
  public static String describe(Throwable e) {
    String message = e.getMessage();
    return e.getClass().getName() + (message == null ? "" : ": " + message);
  }
}
