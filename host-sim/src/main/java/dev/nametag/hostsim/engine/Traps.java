package dev.nametag.hostsim.engine;

/**
 * Turns whatever the engine throws into a trap, so that no module can take the host down: not by
 * exhausting stack or memory, nor by code that the JVM or an assertion of the engine refuses.
 */
final class Traps {

  private Traps() {}

  static WasmTrapException of(Throwable thrown) {
    return thrown instanceof WasmTrapException trap
        ? trap
        : new WasmTrapException(describe(thrown), thrown);
  }

  static String describe(Throwable thrown) {
    if (thrown instanceof StackOverflowError) {
      return "call stack exhausted";
    }
    if (thrown instanceof OutOfMemoryError) {
      return "out of memory";
    }
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }
}
