package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.Region;

/**
 * A label set as bytes that differ if the label sets do: which labels they are, how many of them
 * have a value that is not the same for all streams, of each of these its {@link ValueReader#head},
 * and then their bytes. The numbers have 4 bytes each and are filled up to whole words of 8, as is
 * each value, with zeros.
 *
 * <p>It is written in the same place for every stream.
 */
final class SeriesKey {
  private static final int WORD = MemoryMap.WORD;
  private static final int COUNT = 4;
  private static final int HEADS = 8;
  private static final int HEAD = 4;

  /** What a key has at most. */
  final int maxSize;

  private final int start;
  private int size;
  private int hash;

  /** Has room for so many values, of so many bytes each. */
  SeriesKey(Region region, int values, int valueBytes) {
    maxSize = values(values) + values * MemoryMap.padded(valueBytes);
    start = region.allocate(maxSize);
  }

  /** Returns where the values begin of a key that has so many. */
  @HeapFree
  private static int values(int count) {
    return MemoryMap.padded(HEADS + count * HEAD);
  }

  /**
   * Returns the address of what belongs to a label set, 0 if it is not in the map.
   *
   * @param labels those whose values are not the same for all streams, which have been read
   */
  @HeapFree
  int find(MemoryMap map, int labelSet, ValueReader[] labels) {
    int key = start;
    int count = labels.length;
    int to = key + values(count);
    Memory.putInt(to - HEAD, 0);
    Memory.putInt(key, labelSet);
    Memory.putInt(key + COUNT, count);
    long mixed = labelSet;
    for (int i = 0; i < count; i++) {
      ValueReader label = labels[i];
      int head = label.head;
      Memory.putInt(key + HEADS + i * HEAD, head);
      mixed = withHead(mixed, head);
      if (head != ValueReader.ABSENT) {
        int from = label.value.address;
        int rest = label.value.size;
        while (rest > 0) {
          long word = Memory.getLong(from);
          if (rest < WORD) {
            word &= (1L << (rest * 8)) - 1;
          }
          Memory.putLong(to, word);
          mixed = MemoryMap.mixed(mixed, word);
          from += WORD;
          to += WORD;
          rest -= WORD;
        }
      }
    }
    size = to - key;
    hash = MemoryMap.hash(mixed, size);
    return map.find(key, size, hash);
  }

  /**
   * The values are mixed one after the other; what says what they are only needs to be in it. So
   * label sets that have nothing but absent and empty values, as many of each, share a hash.
   */
  @HeapFree
  private static long withHead(long mixed, int head) {
    return mixed + ((long) head << 32);
  }

  /** Returns whether there is a key of this size at an address. */
  static boolean isKey(int key, int keySize) {
    if (keySize < HEADS) {
      return false;
    }
    int count = Memory.getInt(key + COUNT);
    if (count < 0 || count > (keySize - HEADS) / HEAD) {
      return false;
    }
    long sum = values(count);
    for (int i = 0; i < count; i++) {
      sum += valueSize(Memory.getInt(key + HEADS + i * HEAD));
    }
    return sum == keySize;
  }

  private static int valueSize(int head) {
    return head == ValueReader.ABSENT ? 0 : MemoryMap.padded(ValueReader.sizeOf(head));
  }

  /** Returns the hash with which {@link #find} looks for a key. */
  static int hash(int key, int keySize) {
    long mixed = labelSet(key);
    int count = Memory.getInt(key + COUNT);
    int at = key + values(count);
    for (int i = 0; i < count; i++) {
      int head = Memory.getInt(key + HEADS + i * HEAD);
      mixed = withHead(mixed, head);
      int end = at + valueSize(head);
      while (at < end) {
        mixed = MemoryMap.mixed(mixed, Memory.getLong(at));
        at += WORD;
      }
    }
    return MemoryMap.hash(mixed, keySize);
  }

  /** Returns which labels a key is about. */
  static int labelSet(int key) {
    return Memory.getInt(key);
  }

  /** Returns where the key lies that has been looked for last. */
  int address() {
    return start;
  }

  /** Returns its size. */
  @HeapFree
  int size() {
    return size;
  }

  /** Returns its hash. */
  int hash() {
    return hash;
  }
}
