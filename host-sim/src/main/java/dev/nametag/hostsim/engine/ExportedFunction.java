package dev.nametag.hostsim.engine;

/** A function that a module exports. */
@FunctionalInterface
public interface ExportedFunction {

  /**
   * Runs the function to its end.
   *
   * @return its first result, or 0 when it has none; an i32 is in the lower half
   * @throws WasmTrapException when the module traps, and for every other failure in it
   */
  long call(long... arguments);
}
