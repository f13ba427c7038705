package dev.nametag.abi;

/** The host gave an answer that the caller has no use for. */
public final class HostcallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hostcall;
  private final WasmResult result;

  /** A hostcall, by its name in the ABI, returned this. */
  public HostcallException(String hostcall, WasmResult result) {
    super(hostcall + " returned " + result.name());
    this.hostcall = hostcall;
    this.result = result;
  }

  /** Returns the hostcall's name in the ABI. */
  public String hostcall() {
    return hostcall;
  }

  /** Returns what the host answered. */
  public WasmResult result() {
    return result;
  }
}
