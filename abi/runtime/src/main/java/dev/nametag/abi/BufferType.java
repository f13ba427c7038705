package dev.nametag.abi;

/** Buffers. Source: Proxy-Wasm ABI v0.2.1, proxy_buffer_type_t. */
public enum BufferType {
  /** 0. */
  HTTP_REQUEST_BODY(0),
  /** 1. */
  HTTP_RESPONSE_BODY(1),
  /** 2. */
  DOWNSTREAM_DATA(2),
  /** 3. */
  UPSTREAM_DATA(3),
  /** 4. */
  HTTP_CALL_RESPONSE_BODY(4),
  /** 5. */
  GRPC_CALL_MESSAGE(5),
  /** 6. */
  VM_CONFIGURATION(6),
  /** 7. */
  PLUGIN_CONFIGURATION(7),
  /** 8. */
  FOREIGN_FUNCTION_ARGUMENTS(8);

  private final int code;

  BufferType(int code) {
    this.code = code;
  }

  /** Returns the number in the ABI. */
  public int code() {
    return code;
  }
}
