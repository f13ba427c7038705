package dev.nametag.hostsim.stream;

/**
 * What Envoy notes about a response; the values are bits of {@code response.flags}. Source: Envoy
 * envoy/stream_info/stream_info.h, CoreResponseFlag.
 */
public enum ResponseFlag {
  NO_HEALTHY_UPSTREAM("UH", 0x2),
  UPSTREAM_REQUEST_TIMEOUT("UT", 0x4),
  LOCAL_RESET("LR", 0x8),
  UPSTREAM_REMOTE_RESET("UR", 0x10),
  UPSTREAM_CONNECTION_FAILURE("UF", 0x20),
  UPSTREAM_CONNECTION_TERMINATION("UC", 0x40),
  UPSTREAM_OVERFLOW("UO", 0x80),
  NO_ROUTE_FOUND("NR", 0x100),
  DELAY_INJECTED("DI", 0x200),
  FAULT_INJECTED("FI", 0x400),
  RATE_LIMITED("RL", 0x800),
  UNAUTHORIZED_EXTERNAL_SERVICE("UAEX", 0x1000),
  RATE_LIMIT_SERVICE_ERROR("RLSE", 0x2000),
  DOWNSTREAM_CONNECTION_TERMINATION("DC", 0x4000),
  UPSTREAM_RETRY_LIMIT_EXCEEDED("URX", 0x8000),
  STREAM_IDLE_TIMEOUT("SI", 0x10000),
  DURATION_TIMEOUT("DT", 0x400000),
  OVERLOAD_MANAGER("OM", 0x2000000),
  DOWNSTREAM_REMOTE_RESET("DR", 0x10000000);

  private final String shortName;
  private final long bit;

  ResponseFlag(String shortName, long bit) {
    this.shortName = shortName;
    this.bit = bit;
  }

  /** The name in access logs, such as {@code RL}. */
  public String shortName() {
    return shortName;
  }

  /** The bit in {@code response.flags}. */
  public long bit() {
    return bit;
  }
}
