package dev.nametag.abi;

import dev.nametag.abi.memory.HeapFree;

/**
 * One HTTP stream as the filter sees it, or all of them: a filter that keeps nothing per stream can
 * return the same object for every one, and tells streams apart by {@code contextId}.
 */
public abstract class HttpContext extends Context {

  /**
   * The stream has ended; called before {@link #onLog}, for filters to which every nanosecond
   * counts. Returns whether there is nothing more to be done; if not, {@code onLog} is called.
   *
   * <p>Works with {@link dev.nametag.abi.memory} alone.
   */
  @Override
  @HeapFree
  public boolean onLogHeapFree(int contextId) {
    return false;
  }

  /**
   * The stream has ended; called exactly once for each stream, also for streams that another filter
   * answered before this one saw them. Request headers, response headers and all properties can be
   * read, nothing can be changed.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_on_log.
   */
  public void onLog(int contextId) {}

  /**
   * The host is done with the stream. Returns whether the filter is done too; Envoy ignores the
   * answer for streams.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_on_done.
   */
  public boolean onDone(int contextId) {
    return true;
  }

  /**
   * The stream's context is gone; its id may be given to another one.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_on_delete.
   */
  public void onDelete(int contextId) {}
}
