package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.Utf8;
import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.Region;
import dev.nametag.abi.wasm.ProxyWasm;
import java.util.HashMap;
import java.util.Map;

/**
 * Fills a map in linear memory and a {@link HashMap} with the same keys, some with every stream,
 * and compares them. What it allocates beside that makes the garbage collector run.
 */
public final class MapFilter {
  private static final int KEYS_PER_STREAM = 400;
  private static final int CONFIGURATIONS_PER_STREAM = 300;
  private static final int MAX_KEY = 256;

  private final Map<String, Integer> expected = new HashMap<>();
  private MemoryMap map;
  private int key;
  private int number;
  private int hash;

  private MapFilter() {}

  public static void main(String[] args) {
    MapFilter filter = new MapFilter();
    ProxyWasm.run(root -> new SampleRoot(root, filter::onLog));
  }

  private void onLog(Hostcalls host) {
    if (map == null) {
      map = new MemoryMap();
      key = Blocks.allocate(MAX_KEY);
    }
    int wrong = 0;
    // More blocks than there can be at a time.
    for (int i = 0; i < CONFIGURATIONS_PER_STREAM; i++) {
      Region region = new Region();
      wrong += Memory.getInt(region.allocate(5_000)) != 0 ? 1 : 0;
      Memory.putInt(region.of(new byte[] {1, 2, 3, 4}), -1);
      region.free();
      new MemoryMap().free();
    }
    for (int i = 0; i < KEYS_PER_STREAM; i++) {
      String text = "user-" + number + "x".repeat(number % 40);
      int value = map.add(key, put(text), hash, 8);
      wrong += value == 0 || Memory.getInt(value) != 0 ? 1 : 0;
      Memory.putInt(value, number);
      expected.put(text, value);
      number++;
    }
    for (Map.Entry<String, Integer> entry : expected.entrySet()) {
      int found = map.find(key, put(entry.getKey()), hash);
      wrong += found != entry.getValue() || !entry.getKey().startsWith(name(found)) ? 1 : 0;
      wrong += map.find(key, put(entry.getKey() + "y"), hash) == 0 ? 0 : 1;
    }
    host.log(LogLevel.INFO, map.size() + " of " + expected.size() + ", wrong: " + wrong);
  }

  private static String name(int value) {
    return "user-" + Memory.getInt(value);
  }

  private int put(String text) {
    byte[] bytes = Utf8.encode(text);
    Memory.copyIn(bytes, 0, bytes.length, key);
    Memory.putLong(key + bytes.length, 0);
    hash = MemoryMap.hash(key, bytes.length);
    return bytes.length;
  }
}
