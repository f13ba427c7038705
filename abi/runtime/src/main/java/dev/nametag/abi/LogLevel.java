package dev.nametag.abi;

/** How important a log line is. Source: Proxy-Wasm ABI v0.2.1, proxy_log_level_t. */
public enum LogLevel {
  /** 0. */
  TRACE(0),
  /** 1. */
  DEBUG(1),
  /** 2. */
  INFO(2),
  /** 3. */
  WARN(3),
  /** 4. */
  ERROR(4),
  /** 5. */
  CRITICAL(5);

  private final int code;

  LogLevel(int code) {
    this.code = code;
  }

  /** Returns the number in the ABI. */
  public int code() {
    return code;
  }
}
