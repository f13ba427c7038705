package dev.nametag.abi;

import dev.nametag.abi.memory.RawHostcalls;

/**
 * What a filter can ask of its host. In the module this is the real host; a test writes its own.
 *
 * <p>An answer that is part of normal life is the return value; any other is a {@link
 * HostcallException}.
 */
public interface Hostcalls {

  /**
   * Writes a line to the host's log. Allowed everywhere. Never throws: there is nothing one could
   * do about a failing log.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_log.
   */
  void log(LogLevel level, String message);

  /**
   * Reads a property into {@code value}, encoded as the host does (Envoy documentation,
   * Attributes): text as it is, integers as 8 bytes little-endian, lists and maps as pairs.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_get_property. For a null, and for a list or map with a
   * null in it, Envoy answers SERIALIZATION_FAILURE, which is {@code false} here.
   *
   * @return whether the property exists and is not null; if not, {@code value} is unchanged
   */
  boolean getProperty(PropertyPath path, HostBytes value);

  /**
   * Reads the first value of a header into {@code value}.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_get_header_map_value. Envoy returns only the first of
   * several values, and NOT_FOUND in proxy_on_log, BAD_ARGUMENT elsewhere, if the whole map is not
   * there; both are {@code false} here.
   *
   * @param name the header's name in lower case, as bytes
   * @return whether the header exists; if not, {@code value} is unchanged
   */
  boolean getHeaderMapValue(MapType map, byte[] name, HostBytes value);

  /**
   * Reads a part of a buffer into {@code value}.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_get_buffer_bytes.
   *
   * @param start first byte
   * @param maxSize at most so many bytes
   * @return whether the buffer exists in this callback; if not, {@code value} is unchanged
   */
  boolean getBufferBytes(BufferType type, int start, int maxSize, HostBytes value);

  /**
   * Creates a metric and returns its id. Each call returns a new id, also for a name that was
   * defined before; keep it.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_define_metric.
   */
  int defineMetric(MetricType type, String name);

  /**
   * Adds to a counter or a gauge.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_increment_metric. Envoy refuses an offset of 0 or less
   * for a counter.
   */
  void incrementMetric(int metricId, long offset);

  /**
   * Sets a gauge or records a value in a histogram.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_record_metric. On a counter Envoy adds.
   */
  void recordMetric(int metricId, long value);

  /**
   * Reads a value that the VMs of a {@code vm_id} share into {@code value}.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_get_shared_data. Hosts without shared data answer
   * UNIMPLEMENTED, which is an exception here, as it is by default.
   *
   * @return the number of the value's last change, for {@link #setSharedData}; 0 if there is no
   *     value, then {@code value} is unchanged. Envoy never counts a change as 0.
   */
  default int getSharedData(byte[] key, HostBytes value) {
    throw new HostcallException("proxy_get_shared_data", WasmResult.UNIMPLEMENTED);
  }

  /**
   * Sets a value that the VMs of a {@code vm_id} share, unless somebody else changed it meanwhile.
   *
   * <p>Source: Proxy-Wasm ABI v0.2.1, proxy_set_shared_data. Envoy (proxy-wasm-cpp-host
   * src/shared_data.cc) sets a value that is not there whatever the number; so a number that no
   * value has, such as {@link #ONLY_IF_ABSENT}, creates a value at most once.
   *
   * @param cas the number that the value must have, from {@link #getSharedData}; 0 for any
   * @return whether it was set; not if the host answers CAS_MISMATCH
   */
  default boolean setSharedData(byte[] key, byte[] value, int cas) {
    throw new HostcallException("proxy_set_shared_data", WasmResult.UNIMPLEMENTED);
  }

  /** A number that no value has in practice: the last one before numbers start again. */
  int ONLY_IF_ABSENT = -1;

  /**
   * Returns the value of an environment variable of the VM ({@code vmConfig.env}), {@code null} if
   * it is not set.
   *
   * <p>Source: WASI snapshot preview 1, environ_get.
   */
  String environmentVariable(String name);

  /** Returns the same host for code that does without objects. */
  default RawHostcalls raw() {
    return new HostcallsInMemory(this);
  }
}
