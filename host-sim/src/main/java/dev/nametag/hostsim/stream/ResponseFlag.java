package dev.nametag.hostsim.stream;

/**
 * What Envoy notes about a response; the values are bits of {@code response.flags}. Source: Envoy
 * envoy/stream_info/stream_info.h, CoreResponseFlag.
 */
public enum ResponseFlag {
  FAILED_LOCAL_HEALTH_CHECK("LH", 0x1),
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
  INVALID_ENVOY_REQUEST_HEADERS("IH", 0x20000),
  DOWNSTREAM_PROTOCOL_ERROR("DPE", 0x40000),
  UPSTREAM_MAX_STREAM_DURATION_REACHED("UMSDR", 0x80000),
  RESPONSE_FROM_CACHE_FILTER("RFCF", 0x100000),
  NO_FILTER_CONFIG_FOUND("NFCF", 0x200000),
  DURATION_TIMEOUT("DT", 0x400000),
  UPSTREAM_PROTOCOL_ERROR("UPE", 0x800000),
  NO_CLUSTER_FOUND("NC", 0x1000000),
  OVERLOAD_MANAGER("OM", 0x2000000),
  DNS_RESOLUTION_FAILED("DF", 0x4000000),
  DROP_OVERLOAD("DO", 0x8000000),
  DOWNSTREAM_REMOTE_RESET("DR", 0x10000000),
  UNCONDITIONAL_DROP_OVERLOAD("UDO", 0x20000000);

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
