package dev.nametag.abi;

/**
 * One plugin configuration in one VM: reads it, and provides the contexts of streams. A host can
 * have several in the same VM, and one VM per worker thread.
 */
public abstract class RootContext extends Context {

  /**
   * The VM has started. Returns {@code false} to make the host refuse the plugin.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_on_vm_start. Envoy calls it again for every further
   * root context of the VM.
   *
   * @param vmConfigurationSize bytes of {@link BufferType#VM_CONFIGURATION}
   */
  public boolean onVmStart(int vmConfigurationSize) {
    return true;
  }

  /**
   * The plugin is to read its configuration. Returns {@code false} to make the host refuse it.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_on_configure.
   *
   * @param pluginConfigurationSize bytes of {@link BufferType#PLUGIN_CONFIGURATION}, which can be
   *     read in this callback only
   */
  public boolean onConfigure(int pluginConfigurationSize) {
    return true;
  }

  /**
   * Returns the context for a new stream; may be the same object for all streams.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_on_context_create.
   */
  public abstract HttpContext createHttpContext(int contextId);

  /**
   * Returns the context of all streams, or {@code null} if each has one of its own. Asked when the
   * configuration has been read, and instead of {@link #createHttpContext} from then on: streams of
   * the VM's first root context are then not kept track of, so that most of their callbacks cost
   * next to nothing; {@link HttpContext#onDelete} is not called for all of them.
   */
  public HttpContext sharedHttpContext() {
    return null;
  }

  /**
   * The context is gone, and all its streams are; what it has outside the heap is to be given back.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_on_delete.
   */
  public void onDelete() {}

  /**
   * Says what {@link #onVmStart} or {@link #onConfigure} counts as having returned when it failed
   * with an exception. {@code true}: traffic goes on. A filter that protects something must return
   * {@code false}.
   */
  public boolean continuesAfterFailure() {
    return true;
  }
}
