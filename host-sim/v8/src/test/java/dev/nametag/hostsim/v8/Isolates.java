package dev.nametag.hostsim.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interfaces.IJavetLogger;
import com.caoccao.javet.interop.V8Runtime;
import dev.nametag.hostsim.engine.WasmTrapException;

/** What Javet's checked exceptions become. */
final class Isolates {

  private Isolates() {}

  /**
   * Frees the isolate and all that lives in it; so Javet need not complain in the log of objects
   * that were not freed before.
   */
  static void close(V8Runtime isolate) {
    try {
      isolate.setLogger(new OnlyErrors(isolate.getLogger()));
      isolate.close(true);
    } catch (JavetException e) {
      throw new IllegalStateException("the isolate could not be closed", e);
    }
  }

  /** Returns a trap with V8's own words, such as {@code Uncaught RuntimeError: unreachable}. */
  static WasmTrapException failure(Exception e) {
    return e instanceof WasmTrapException trap ? trap : new WasmTrapException(e.getMessage(), e);
  }

  /** Drops everything below an error. */
  private record OnlyErrors(IJavetLogger logger) implements IJavetLogger {

    @Override
    public void debug(String message) {}

    @Override
    public void info(String message) {}

    @Override
    public void warn(String message) {}

    @Override
    public void error(String message) {
      logger.error(message);
    }

    @Override
    public void error(String message, Throwable cause) {
      logger.error(message, cause);
    }
  }
}
