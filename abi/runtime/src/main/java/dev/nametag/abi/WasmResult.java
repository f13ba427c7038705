package dev.nametag.abi;

/** What a hostcall returns. Source: Proxy-Wasm ABI v0.2.1, proxy_status_t. */
public enum WasmResult {
  /** The call did what was asked. */
  OK(0),
  /** What was asked for does not exist. */
  NOT_FOUND(1),
  /** An argument is not allowed. */
  BAD_ARGUMENT(2),
  /** A value could not be serialized. */
  SERIALIZATION_FAILURE(3),
  /** A value could not be parsed. */
  PARSE_FAILURE(4),
  /** An expression could not be evaluated. */
  BAD_EXPRESSION(5),
  /** A pointer or size does not lie in the module's memory. */
  INVALID_MEMORY_ACCESS(6),
  /** The queue is empty. */
  EMPTY(7),
  /** The value has been changed by someone else. */
  CAS_MISMATCH(8),
  /** The result has another type. */
  RESULT_MISMATCH(9),
  /** The host failed. */
  INTERNAL_FAILURE(10),
  /** The connection is broken. */
  BROKEN_CONNECTION(11),
  /** The host does not have this call. */
  UNIMPLEMENTED(12),
  /** A number that this version of the ABI does not have. */
  UNKNOWN(-1);

  private static final WasmResult[] BY_CODE = values();

  private final int code;

  WasmResult(int code) {
    this.code = code;
  }

  /** Returns the number in the ABI. */
  public int code() {
    return code;
  }

  /** Returns the result with this number, {@link #UNKNOWN} if there is none; never {@code null}. */
  public static WasmResult of(int code) {
    return code >= 0 && code < BY_CODE.length - 1 ? BY_CODE[code] : UNKNOWN;
  }
}
