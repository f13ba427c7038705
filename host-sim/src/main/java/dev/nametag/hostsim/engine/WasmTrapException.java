package dev.nametag.hostsim.engine;

/** The module trapped, or the host made it trap. */
public final class WasmTrapException extends RuntimeException {

  public WasmTrapException(String message) {
    super(message);
  }

  public WasmTrapException(String message, Throwable cause) {
    super(message, cause);
  }
}
