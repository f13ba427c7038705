package dev.nametag.hostsim.hostcall;

/** What a hostcall answers. Source: Proxy-Wasm ABI v0.2.1, proxy_status_t. */
public enum WasmResult {
  OK(0),
  NOT_FOUND(1),
  BAD_ARGUMENT(2),
  SERIALIZATION_FAILURE(3),
  PARSE_FAILURE(4),
  BAD_EXPRESSION(5),
  INVALID_MEMORY_ACCESS(6),
  EMPTY(7),
  CAS_MISMATCH(8),
  RESULT_MISMATCH(9),
  INTERNAL_FAILURE(10),
  BROKEN_CONNECTION(11),
  UNIMPLEMENTED(12);

  private final int code;

  WasmResult(int code) {
    this.code = code;
  }

  /** The number in the ABI. */
  public int code() {
    return code;
  }
}
