package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.Region;

/**
 * A label set as bytes that differ if the label sets do: which labels they are, and for each value
 * that is not the same for all streams its kind, its size and its bytes, each in whole words that
 * are filled up with zeros.
 *
 * <p>To find a series nothing is written: {@link #find} takes the values where they lie. Only what
 * is to be added is {@linkplain #write written} into one piece, in the same place for every stream.
 */
final class SeriesKey {
  private static final int WORD = MemoryMap.WORD;

  /** What a key has at most. */
  final int maxSize;

  private final int start;
  private int size;
  private int hash;

  /** Has room for so many values, of so many bytes each. */
  SeriesKey(Region region, int values, int valueBytes) {
    maxSize = WORD + values * (WORD + MemoryMap.padded(valueBytes));
    start = region.allocate(maxSize);
  }

  /**
   * Returns the address of what belongs to a label set, 0 if it is not in the map.
   *
   * @param labels those whose values are not the same for all streams, which have been read
   */
  @HeapFree
  int find(MemoryMap map, int labelSet, ValueReader[] labels) {
    long mixed = MemoryMap.mixed(0, labelSet);
    size = WORD;
    for (int i = 0; i < labels.length; i++) {
      mixed = mixed(mixed, labels[i]);
    }
    hash = MemoryMap.hash(mixed, size);
    for (int entry = map.first(size, hash); entry != 0; entry = MemoryMap.next(entry)) {
      int at = entry + MemoryMap.HEADER;
      if (Memory.getInt(at) == labelSet) {
        at += WORD;
        for (int i = 0; at != 0 && i < labels.length; i++) {
          at = behind(at, labels[i]);
        }
        if (at != 0) {
          return at;
        }
      }
    }
    return 0;
  }

  @HeapFree
  private long mixed(long before, ValueReader label) {
    long mixed = MemoryMap.mixed(before, label.head());
    size += WORD;
    if (label.isAbsent()) {
      return mixed;
    }
    int from = label.address();
    int last = from + label.size() - WORD;
    size += MemoryMap.padded(label.size());
    while (from <= last) {
      mixed = MemoryMap.mixed(mixed, Memory.getLong(from));
      from += WORD;
    }
    int rest = last + WORD - from;
    return rest > 0 ? MemoryMap.mixed(mixed, firstBytes(from, rest)) : mixed;
  }

  /** Returns where a key goes on that has the label's value at an address; 0 if it has another. */
  @HeapFree
  private static int behind(int address, ValueReader label) {
    if (Memory.getInt(address) != label.head()) {
      return 0;
    }
    int mine = address + WORD;
    if (label.isAbsent()) {
      return mine;
    }
    int from = label.address();
    int last = from + label.size() - WORD;
    while (from <= last) {
      if (!MemoryMap.isZero(Memory.getLong(mine) ^ Memory.getLong(from))) {
        return 0;
      }
      from += WORD;
      mine += WORD;
    }
    int rest = last + WORD - from;
    if (rest > 0) {
      if (!MemoryMap.isZero(Memory.getLong(mine) ^ firstBytes(from, rest))) {
        return 0;
      }
      mine += WORD;
    }
    return mine;
  }

  /** Returns as many bytes of a word, 1 to 7, the others as zeros. */
  @HeapFree
  private static long firstBytes(int address, int bytes) {
    return Memory.getLong(address) & ((1L << (bytes * 8)) - 1);
  }

  /** Writes the key that {@link #find} has looked for last. */
  void write(int labelSet, ValueReader[] labels) {
    Memory.putLong(start, labelSet);
    int to = start + WORD;
    for (ValueReader label : labels) {
      Memory.putLong(to, label.head());
      to += WORD;
      if (!label.isAbsent()) {
        int end = label.address() + label.size();
        for (int from = label.address(); from < end; from += WORD) {
          int rest = end - from;
          Memory.putLong(to, rest < WORD ? firstBytes(from, rest) : Memory.getLong(from));
          to += WORD;
        }
      }
    }
  }

  /** Returns where the key has been written. */
  int address() {
    return start;
  }

  /** Returns the size of the key that has been looked for last. */
  @HeapFree
  int size() {
    return size;
  }

  /** Returns its {@link MemoryMap#hash}. */
  int hash() {
    return hash;
  }
}
