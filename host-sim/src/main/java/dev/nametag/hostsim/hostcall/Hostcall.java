package dev.nametag.hostsim.hostcall;

/** A hostcall of the ABI. */
@FunctionalInterface
interface Hostcall {

  /**
   * Answers the call.
   *
   * @param arguments as the engine hands them over
   * @throws InvalidAccessException for an address outside the guest's memory
   */
  WasmResult call(long[] arguments);
}
