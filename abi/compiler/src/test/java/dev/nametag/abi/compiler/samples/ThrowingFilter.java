package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.HttpContext;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.RootContext;
import dev.nametag.abi.wasm.ProxyWasm;

/** Throws from every callback: what Java throws by itself, exceptions, errors. */
public final class ThrowingFilter extends RootContext {
  private final Hostcalls host;

  private ThrowingFilter(Hostcalls host) {
    this.host = host;
  }

  public static void main(String[] args) {
    ProxyWasm.run(ThrowingFilter::new);
  }

  /** Not a number of its own, so that nothing is known about it when this is compiled. */
  private static int size(Object[] items) {
    return items.length;
  }

  @Override
  public boolean onVmStart(int vmConfigurationSize) {
    return size(null) == 1;
  }

  @Override
  public boolean onConfigure(int pluginConfigurationSize) {
    Object[] items = new Object[pluginConfigurationSize];
    return items[size(items)] == null;
  }

  @Override
  public HttpContext createHttpContext(int contextId) {
    if (contextId % 3 == 0) {
      throw new IllegalArgumentException("third");
    }
    return new HttpContext() {
      @Override
      public void onLog(int contextId) {
        host.log(LogLevel.INFO, handled());
        deep(20);
      }

      @Override
      public boolean onDone(int contextId) {
        Object text = "text";
        return ((Integer) text) == 1;
      }

      @Override
      public void onDelete(int contextId) {
        throw new AssertionError("never so");
      }
    };
  }

  /** Exceptions that are caught on the way, in a function with handlers and in one without. */
  private static String handled() {
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      try {
        seen.append(Integer.parseInt(i == 1 ? "1" : "x" + i));
      } catch (NumberFormatException e) {
        seen.append('!');
      } finally {
        seen.append(';');
      }
    }
    try {
      try {
        deep(3);
      } catch (IllegalArgumentException e) {
        seen.append("wrong");
      }
    } catch (IllegalStateException e) {
      seen.append(e.getMessage());
    }
    return seen.toString();
  }

  private static int deep(int depth) {
    if (depth == 0) {
      throw new IllegalStateException("no luck");
    }
    return depth < 0 ? 0 : deep(depth - 1) + 1;
  }
}
