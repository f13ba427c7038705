package dev.nametag.abi;

/** Kinds of metrics. Source: Proxy-Wasm ABI v0.2.1, proxy_metric_type_t. */
public enum MetricType {
  /** 0: only grows. */
  COUNTER(0),
  /** 1: is set. */
  GAUGE(1),
  /** 2: records a distribution. */
  HISTOGRAM(2);

  private final int code;

  MetricType(int code) {
    this.code = code;
  }

  /** Returns the number in the ABI. */
  public int code() {
    return code;
  }
}
