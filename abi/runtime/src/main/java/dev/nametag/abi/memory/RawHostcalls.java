package dev.nametag.abi.memory;

/**
 * The hostcalls that a filter makes for every request, without objects: arguments are addresses and
 * sizes in bytes, results are the numbers of {@link dev.nametag.abi.WasmResult}, and what the host
 * returns is found at {@link #valueAddress}, where it stays until the callback returns or {@link
 * #makeRoom} is called.
 *
 * <p>See {@link dev.nametag.abi.Hostcalls} for what each of them does.
 */
public abstract class RawHostcalls {
  /** The call did what was asked. */
  public static final int OK = 0;

  /** What was asked for does not exist. */
  public static final int NOT_FOUND = 1;

  /** In Envoy also: the header map does not exist. */
  public static final int BAD_ARGUMENT = 2;

  /** In Envoy also: the property is null. */
  public static final int SERIALIZATION_FAILURE = 3;

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_get_property. */
  @HeapFree
  public abstract int getProperty(int path, int pathSize);

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_get_header_map_value. */
  @HeapFree
  public abstract int getHeaderMapValue(int map, int name, int nameSize);

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_increment_metric. */
  @HeapFree
  public abstract int incrementMetric(int metricId, long offset);

  /** Source: Proxy-Wasm ABI v0.2.1, proxy_record_metric. */
  @HeapFree
  public abstract int recordMetric(int metricId, long value);

  /** Returns where the value lies that was returned last; 8 bytes more than it has can be read. */
  @HeapFree
  public abstract int valueAddress();

  /** Returns the size in bytes of the value that was returned last. */
  @HeapFree
  public abstract int valueSize();

  /** Returns whether the last call failed because there was no room for the value. */
  @HeapFree
  public abstract boolean lacksRoom();

  /** Makes room for the value that there was no room for; the call is then to be repeated. */
  public abstract void makeRoom();
}
