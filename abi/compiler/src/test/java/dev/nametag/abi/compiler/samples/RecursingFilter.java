package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.HostBytes;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.wasm.ProxyWasm;

/** Calls itself as often as the path of the request is long. */
public final class RecursingFilter {
  private static final PropertyPath PATH = PropertyPath.of("request", "path");

  private RecursingFilter() {}

  public static void main(String[] args) {
    HostBytes path = new HostBytes();
    ProxyWasm.run(
        root ->
            new SampleRoot(
                root,
                host -> {
                  host.getProperty(PATH, path);
                  host.log(LogLevel.INFO, "depth " + depth(path.length()));
                }));
  }

  /** Keeps six references in each frame, so that the stack is full before the host's own is. */
  private static int depth(int left, Object... kept) {
    Object a = new Object();
    Object b = new Object();
    Object c = new Object();
    Object d = new Object();
    Object e = new Object();
    int below = left == 0 ? 0 : depth(left - 1, a, b, c, d, e) + 1;
    boolean alive = kept != null && a != b && c != d && e != a;
    return alive ? below : -1;
  }
}
