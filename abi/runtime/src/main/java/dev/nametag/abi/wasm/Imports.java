package dev.nametag.abi.wasm;

import org.teavm.interop.Address;
import org.teavm.interop.Import;

/**
 * The hostcalls as they are linked; results are numbers of {@link dev.nametag.abi.WasmResult}.
 *
 * <p>Those through which the host can call {@code proxy_on_memory_allocate} are managed methods:
 * that callback may allocate Java objects, so the roots of the caller must be on the shadow stack.
 */
final class Imports {
  private Imports() {}

  @Import(module = "env", name = "proxy_log")
  static native int proxyLog(int level, Address message, int messageSize);

  @Import(module = "env", name = "proxy_get_current_time_nanoseconds")
  static native int proxyGetCurrentTimeNanoseconds(Address returnTime);

  @Import(module = "env", name = "proxy_get_property")
  static native int proxyGetProperty(
      Address path, int pathSize, Address returnValue, Address returnValueSize);

  @Import(module = "env", name = "proxy_get_header_map_value")
  static native int proxyGetHeaderMapValue(
      int map, Address key, int keySize, Address returnValue, Address returnValueSize);

  @Import(module = "env", name = "proxy_get_buffer_bytes")
  static native int proxyGetBufferBytes(
      int buffer, int start, int maxSize, Address returnValue, Address returnValueSize);

  @Import(module = "env", name = "proxy_define_metric")
  static native int proxyDefineMetric(int type, Address name, int nameSize, Address returnId);

  @Import(module = "env", name = "proxy_increment_metric")
  static native int proxyIncrementMetric(int metricId, long offset);

  @Import(module = "env", name = "proxy_record_metric")
  static native int proxyRecordMetric(int metricId, long value);

  @Import(module = "env", name = "proxy_get_shared_data")
  static native int proxyGetSharedData(
      Address key, int keySize, Address returnValue, Address returnValueSize, Address returnCas);

  @Import(module = "env", name = "proxy_set_shared_data")
  static native int proxySetSharedData(
      Address key, int keySize, Address value, int valueSize, int cas);

  @Import(module = "wasi_snapshot_preview1", name = "environ_sizes_get")
  static native int environSizesGet(Address returnCount, Address returnSize);

  @Import(module = "wasi_snapshot_preview1", name = "environ_get")
  static native int environGet(Address environ, Address buffer);
}
