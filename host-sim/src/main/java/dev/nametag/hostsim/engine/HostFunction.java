package dev.nametag.hostsim.engine;

/** A function of the host that a module imports. */
@FunctionalInterface
public interface HostFunction {

  /**
   * Runs the function.
   *
   * @param arguments one element for each parameter; an i32 is in the lower half of its element
   * @return the result, ignored when the function has none
   * @throws WasmTrapException to trap in the module
   */
  long call(long[] arguments);
}
