package dev.nametag.abi;

import dev.nametag.abi.memory.HeapFree;

/**
 * Hands each callback of the host to the context that it is for, and catches whatever that throws:
 * an exception that left the module would be a trap, which ends the VM and, with the usual
 * policies, all traffic through it. A caught one is logged with its class and message, and the
 * request goes on.
 */
public final class Dispatcher {
  private static final HttpContext NOBODY = new HttpContext() {};

  private final Hostcalls host;
  private final RootFactory factory;
  private final ContextTable contexts = new ContextTable();

  // A root context, the VM's first, and the context of all its streams if they share one: then they
  // are not in the table, so that an id that is not there either belongs to one of them. When all
  // of them are gone, and it too, the next root context that gets a stream takes its place.
  private boolean hasFirstRoot;
  private int firstRootId;
  private HttpContext shared;
  // The first root context if nothing else is in the table; else 0, which is nobody's id.
  private int onlyRoot;
  // How many of those streams are open.
  private int untracked;

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
        if (!hasFirstRoot) {
          hasFirstRoot = true;
          firstRootId = contextId;
        }
      } else if (!onContextCreateHeapFree(parentContextId)) {
        createStream(contextId, root(parentContextId), parentContextId);
      }
    } catch (Throwable e) {
      failed("proxy_on_context_create", e);
    }
    updateOnlyRoot();
  }

  private void createStream(int contextId, RootContext root, int rootId) {
    contexts.put(contextId, NOBODY);
    if (root == null) {
      return;
    }
    if (shared == null && untracked == 0 && root(firstRootId) == null) {
      firstRootId = rootId;
      shared = root.sharedHttpContext();
    }
    if (shared != null && rootId == firstRootId) {
      contexts.remove(contextId);
      untracked++;
    } else {
      contexts.put(contextId, root.createHttpContext(contextId));
    }
  }

  private void updateOnlyRoot() {
    onlyRoot = shared != null && contexts.size() == 1 ? firstRootId : 0;
  }

  /** Returns whether nothing more is to be done for a new stream. */
  @HeapFree
  public boolean onContextCreateHeapFree(int parentContextId) {
    if (shared == null || parentContextId != firstRootId) {
      return false;
    }
    untracked++;
    return true;
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
    } finally {
      if (root != null && contextId == firstRootId) {
        shared = root.sharedHttpContext();
        updateOnlyRoot();
      }
    }
  }

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_on_log. */
  public void onLog(int contextId) {
    if (!onLogHeapFree(contextId)) {
      onLogInJava(contextId);
    }
  }

  /** The first half of {@link #onLog}: returns whether nothing more is to be done. */
  @HeapFree
  public boolean onLogHeapFree(int contextId) {
    if (onlyRoot != 0 && contextId != onlyRoot) {
      return shared.onLogHeapFree(contextId);
    }
    Context context = contexts.get(contextId);
    if (context != null) {
      return context.onLogHeapFree(contextId);
    }
    return shared == null || shared.onLogHeapFree(contextId);
  }

  /** The second half of {@link #onLog}, if the first one says so. */
  public void onLogInJava(int contextId) {
    try {
      HttpContext stream = stream(contextId);
      if (stream != null) {
        stream.onLog(contextId);
      }
    } catch (Throwable e) {
      failed("proxy_on_log", e);
    }
  }

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_on_done. */
  public boolean onDone(int contextId) {
    try {
      HttpContext stream = stream(contextId);
      return stream == null || stream.onDone(contextId);
    } catch (Throwable e) {
      failed("proxy_on_done", e);
      return true;
    }
  }

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_on_delete. */
  public void onDelete(int contextId) {
    try {
      HttpContext stream = stream(contextId);
      RootContext root = root(contextId);
      if (contexts.remove(contextId) == null) {
        forgetUntracked();
      }
      if (contextId == firstRootId) {
        shared = null;
      }
      updateOnlyRoot();
      if (stream != null) {
        stream.onDelete(contextId);
      }
      if (root != null) {
        root.onDelete();
      }
    } catch (Throwable e) {
      failed("proxy_on_delete", e);
    }
  }

  /** Returns whether nothing more is to be done for a context that is gone. */
  @HeapFree
  public boolean onDeleteHeapFree(int contextId) {
    if (onlyRoot == 0 || contextId == onlyRoot) {
      return false;
    }
    forgetUntracked();
    return true;
  }

  @HeapFree
  private void forgetUntracked() {
    if (untracked > 0) {
      untracked--;
    }
  }

  private HttpContext stream(int contextId) {
    Context context = contexts.get(contextId);
    if (context == null) {
      return shared;
    }
    return context instanceof HttpContext stream ? stream : null;
  }

  private RootContext root(int contextId) {
    return contexts.get(contextId) instanceof RootContext root ? root : null;
  }

  private void failed(String callback, Throwable e) {
    log(host, LogLevel.ERROR, callback, e, "");
  }

  /** Logs what failed and how, in few words if there is no memory for more. */
  public static void log(Hostcalls host, LogLevel level, String what, Throwable e, String end) {
    try {
      host.log(level, what + ": " + describe(e) + end);
    } catch (OutOfMemoryError noRoom) {
      host.log(level, "out of memory");
    }
  }

  /** Returns an exception's class and, if it has one, its message. */
  public static String describe(Throwable e) {
    String message = e.getMessage();
    return e.getClass().getName() + (message == null ? "" : ": " + message);
  }
}
