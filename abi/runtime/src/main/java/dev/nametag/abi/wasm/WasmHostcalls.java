package dev.nametag.abi.wasm;

import dev.nametag.abi.BufferType;
import dev.nametag.abi.HostBytes;
import dev.nametag.abi.HostcallException;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.MapType;
import dev.nametag.abi.MetricType;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.Utf8;
import dev.nametag.abi.WasmResult;
import dev.nametag.abi.memory.RawHostcalls;
import org.teavm.interop.Address;

/** The host that runs this module. */
final class WasmHostcalls implements Hostcalls {
  private static final int OK = 0;
  private static final int NOT_FOUND = 1;
  private static final int BAD_ARGUMENT = 2;
  private static final int SERIALIZATION_FAILURE = 3;
  private static final int CAS_MISMATCH = 8;

  @Override
  public RawHostcalls raw() {
    return new WasmRawHostcalls();
  }

  @Override
  public void log(LogLevel level, String message) {
    try {
      byte[] bytes = Utf8.encode(message);
      int ignored = Imports.proxyLog(level.code(), Address.ofData(bytes), bytes.length);
    } catch (OutOfMemoryError e) {
      RuntimeSupport.printOutOfMemory();
    }
  }

  @Override
  public boolean getProperty(PropertyPath path, HostBytes value) {
    byte[] bytes = path.bytes();
    HostMemory.unfix();
    int result =
        Imports.proxyGetProperty(
            Address.ofData(bytes),
            bytes.length,
            HostMemory.resultPointer(),
            HostMemory.resultSize());
    return found("proxy_get_property", result, SERIALIZATION_FAILURE, value);
  }

  @Override
  public boolean getHeaderMapValue(MapType map, byte[] name, HostBytes value) {
    HostMemory.unfix();
    int result =
        Imports.proxyGetHeaderMapValue(
            map.code(),
            Address.ofData(name),
            name.length,
            HostMemory.resultPointer(),
            HostMemory.resultSize());
    return found("proxy_get_header_map_value", result, BAD_ARGUMENT, value);
  }

  @Override
  public boolean getBufferBytes(BufferType type, int start, int maxSize, HostBytes value) {
    HostMemory.unfix();
    int result =
        Imports.proxyGetBufferBytes(
            type.code(), start, maxSize, HostMemory.resultPointer(), HostMemory.resultSize());
    return found("proxy_get_buffer_bytes", result, NOT_FOUND, value);
  }

  private static boolean found(String hostcall, int result, int alsoAbsent, HostBytes value) {
    HostMemory.fix();
    if (result == OK) {
      HostMemory.result(value);
      return true;
    }
    if (result == NOT_FOUND || result == alsoAbsent) {
      return false;
    }
    throw new HostcallException(hostcall, WasmResult.of(result));
  }

  @Override
  public int defineMetric(MetricType type, String name) {
    byte[] bytes = Utf8.encode(name);
    int result =
        Imports.proxyDefineMetric(
            type.code(), Address.ofData(bytes), bytes.length, HostMemory.resultPointer());
    check("proxy_define_metric", result);
    return HostMemory.resultPointer().getInt();
  }

  @Override
  public void incrementMetric(int metricId, long offset) {
    check("proxy_increment_metric", Imports.proxyIncrementMetric(metricId, offset));
  }

  @Override
  public void recordMetric(int metricId, long value) {
    check("proxy_record_metric", Imports.proxyRecordMetric(metricId, value));
  }

  @Override
  public int getSharedData(byte[] key, HostBytes value) {
    HostMemory.unfix();
    int result =
        Imports.proxyGetSharedData(
            Address.ofData(key),
            key.length,
            HostMemory.resultPointer(),
            HostMemory.resultSize(),
            HostMemory.resultCas());
    return found("proxy_get_shared_data", result, NOT_FOUND, value)
        ? HostMemory.resultCas().getInt()
        : 0;
  }

  @Override
  public boolean setSharedData(byte[] key, byte[] value, int cas) {
    int result =
        Imports.proxySetSharedData(
            Address.ofData(key), key.length, Address.ofData(value), value.length, cas);
    if (result == CAS_MISMATCH) {
      return false;
    }
    check("proxy_set_shared_data", result);
    return true;
  }

  private static void check(String hostcall, int result) {
    if (result != OK) {
      throw new HostcallException(hostcall, WasmResult.of(result));
    }
  }

  @Override
  public String environmentVariable(String name) {
    if (Imports.environSizesGet(HostMemory.resultPointer(), HostMemory.resultSize()) != OK) {
      return null;
    }
    int count = HostMemory.resultPointer().getInt();
    int size = HostMemory.resultSize().getInt();
    if (count <= 0 || size <= 0) {
      return null;
    }
    byte[] pointers = new byte[count * 4];
    byte[] entries = new byte[size];
    if (Imports.environGet(Address.ofData(pointers), Address.ofData(entries)) != OK) {
      return null;
    }
    // Entries are name=value, each followed by NUL, one behind the other.
    String prefix = name + "=";
    int start = 0;
    for (int i = 0; i < size; i++) {
      if (entries[i] == 0) {
        String entry = Utf8.decode(entries, start, i - start);
        if (entry.startsWith(prefix)) {
          return entry.substring(prefix.length());
        }
        start = i + 1;
      }
    }
    return null;
  }
}
