package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.HostBytes;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.wasm.ProxyWasm;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps 2,000 arrays, replaces some of them in every stream while it reads properties that are too
 * large for the arena, and checks what it has and what it reads.
 */
public final class ChurningFilter {
  private static final int ARRAYS = 2_000;
  private static final PropertyPath LARGE = PropertyPath.of("filter_state", "large");
  private static final PropertyPath SMALL = PropertyPath.of("filter_state", "small");

  private final Map<String, byte[]> arrays = new HashMap<>();
  private final HostBytes large = new HostBytes();
  private final HostBytes small = new HostBytes();
  private int streams;

  private ChurningFilter() {}

  public static void main(String[] args) {
    ChurningFilter filter = new ChurningFilter();
    ProxyWasm.run(root -> new SampleRoot(root, filter::onLog));
  }

  private void onLog(Hostcalls host) {
    streams++;
    String found = "ok";
    for (int i = 0; i < 100; i++) {
      int number = (streams * 100 + i) % ARRAYS;
      byte[] old = arrays.put("array " + number, array(number));
      if (old != null && !isArray(old, number)) {
        found = "array " + number + " was changed";
      }
      if (i == 50) {
        found = check(host, found);
      }
    }
    if (streams % 20 == 0) {
      found = checkAll(found);
    }
    host.log(LogLevel.INFO, streams + " " + arrays.size() + " " + found);
  }

  private String checkAll(String found) {
    for (Map.Entry<String, byte[]> entry : arrays.entrySet()) {
      int number = Integer.parseInt(entry.getKey().substring("array ".length()));
      if (!isArray(entry.getValue(), number)) {
        return entry.getKey() + " was changed";
      }
    }
    return found;
  }

  /** Byte {@code i} of the large property is {@code i % 251}. */
  private String check(Hostcalls host, String found) {
    if (!host.getProperty(SMALL, small) || !host.getProperty(LARGE, large)) {
      return "a property is missing";
    }
    byte[] churn = new byte[large.length()];
    for (int i = 0; i < large.length(); i++) {
      byte b = large.array()[large.offset() + i];
      churn[i] = b;
      if (b != (byte) (i % 251)) {
        return "byte " + i + " of the property was changed";
      }
    }
    return small.text().equals("small") && churn.length == 100_000 ? found : "wrong property";
  }

  private static byte[] array(int number) {
    byte[] array = new byte[50 + number % 400];
    for (int i = 0; i < array.length; i++) {
      array[i] = (byte) (number + i);
    }
    return array;
  }

  private static boolean isArray(byte[] array, int number) {
    for (int i = 0; i < array.length; i++) {
      if (array[i] != (byte) (number + i)) {
        return false;
      }
    }
    return array.length == 50 + number % 400;
  }
}
