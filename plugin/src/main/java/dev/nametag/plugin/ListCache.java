package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.Region;

/**
 * Remembers what labels show of lists, so that a list that came before needs no objects. Lists of
 * more than {@value #MAX_LIST_BYTES} bytes, and what comes when {@value #MAX_LISTS} are remembered,
 * are read anew each time.
 */
final class ListCache {
  private static final int MAX_LISTS = 1024;
  private static final int MAX_LIST_BYTES = 512;
  private static final int WORD = MemoryMap.WORD;
  private static final int ENTRY = 12;

  private final Region region;
  private final MemoryMap map;
  private final int key;
  private int keySize;

  ListCache(Region region) {
    this.region = region;
    this.key = region.allocate(WORD + MAX_LIST_BYTES);
    this.map = new MemoryMap();
  }

  /**
   * Returns whether it remembers what a reader of this number makes of the list; then the value
   * shows that, and {@link #found} says whether it is a value.
   */
  @HeapFree
  boolean find(int reader, Window list) {
    int entry = 0;
    keySize = 0;
    if (list.size <= MAX_LIST_BYTES) {
      write(reader, list);
      entry = map.find(key, keySize, MemoryMap.hash(key, keySize));
    }
    if (entry == 0) {
      return false;
    }
    found = Memory.getInt(entry);
    list.address = Memory.getInt(entry + 4);
    list.size = Memory.getInt(entry + 8);
    return true;
  }

  /** What {@link ValueSource#read} is to return for the list that was found last. */
  int found;

  @HeapFree
  private void write(int reader, Window list) {
    Memory.putLong(key, ((long) reader << 32) | ((long) list.size << 8) | list.form);
    int whole = list.size & -WORD;
    for (int i = 0; i < whole; i += WORD) {
      Memory.putLong(key + WORD + i, Memory.getLong(list.address + i));
    }
    keySize = WORD + MemoryMap.padded(list.size);
    int rest = list.size - whole;
    if (rest > 0) {
      long last = Memory.getLong(list.address + whole) & ((1L << (rest * 8)) - 1);
      Memory.putLong(key + WORD + whole, last);
    }
  }

  /** Remembers a result, {@code null} if there is no value; returns whether there was room. */
  boolean add(int reader, Window list, byte[] result) {
    if (list.size > MAX_LIST_BYTES || map.size() >= MAX_LISTS) {
      return false;
    }
    int text = result == null ? 0 : region.of(result);
    write(reader, list);
    int entry = map.add(key, keySize, MemoryMap.hash(key, keySize), ENTRY);
    if (entry == 0) {
      return false;
    }
    Memory.putInt(entry, result == null ? ValueSource.NONE : ValueSource.FOUND);
    if (result != null) {
      Memory.putInt(entry + 4, text);
      Memory.putInt(entry + 8, result.length);
    }
    return true;
  }

  void free() {
    map.free();
  }
}
