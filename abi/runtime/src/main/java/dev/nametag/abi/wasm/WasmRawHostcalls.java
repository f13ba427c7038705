package dev.nametag.abi.wasm;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.RawHostcalls;
import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;

/**
 * The host that runs this module, without objects.
 *
 * <p>These imports are not managed: while one runs, the collector does not see what its callers
 * hold. So what the host asks for in the meantime comes from the arena or not at all; then the call
 * fails, and {@link #makeRoom} is to be called where objects may be moved.
 */
final class WasmRawHostcalls extends RawHostcalls {

  @Unmanaged
  @Import(module = "env", name = "proxy_get_property")
  private static native int proxyGetProperty(
      Address path, int pathSize, Address returnValue, Address returnValueSize);

  @Unmanaged
  @Import(module = "env", name = "proxy_get_header_map_value")
  private static native int proxyGetHeaderMapValue(
      int map, Address key, int keySize, Address returnValue, Address returnValueSize);

  @Unmanaged
  @Import(module = "env", name = "proxy_increment_metric")
  private static native int proxyIncrementMetric(int metricId, long offset);

  @Unmanaged
  @Import(module = "env", name = "proxy_record_metric")
  private static native int proxyRecordMetric(int metricId, long value);

  @Override
  @HeapFree
  public int getProperty(int path, int pathSize) {
    return proxyGetProperty(
        Address.fromInt(path), pathSize, HostMemory.resultPointer(), HostMemory.resultSize());
  }

  @Override
  @HeapFree
  public int getHeaderMapValue(int map, int name, int nameSize) {
    return proxyGetHeaderMapValue(
        map, Address.fromInt(name), nameSize, HostMemory.resultPointer(), HostMemory.resultSize());
  }

  @Override
  @HeapFree
  public int incrementMetric(int metricId, long offset) {
    return proxyIncrementMetric(metricId, offset);
  }

  @Override
  @HeapFree
  public int recordMetric(int metricId, long value) {
    return proxyRecordMetric(metricId, value);
  }

  @Override
  @HeapFree
  public int valueAddress() {
    return HostMemory.resultPointer().getInt();
  }

  @Override
  @HeapFree
  public int valueSize() {
    return HostMemory.resultSize().getInt();
  }

  @Override
  @HeapFree
  public boolean lacksRoom() {
    return HostMemory.lacksRoom();
  }

  @Override
  public void makeRoom() {
    HostMemory.makeRoom();
  }
}
