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
    int keySize = WORD;
    for (int i = 0; i < labels.length; i++) {
      ValueReader label = labels[i];
      mixed = MemoryMap.mixed(mixed, label.head);
      keySize += WORD;
      if (label.head != ValueReader.ABSENT) {
        int from = label.value.address;
        int rest = label.value.size;
        while (rest > 0) {
          long word = Memory.getLong(from);
          if (rest < WORD) {
            word &= (1L << (rest * 8)) - 1;
          }
          mixed = MemoryMap.mixed(mixed, word);
          from += WORD;
          rest -= WORD;
          keySize += WORD;
        }
      }
    }
    size = keySize;
    hash = MemoryMap.hash(mixed, keySize);
    int entry = map.first(keySize, hash);
    while (entry != 0) {
      int behind = behind(entry + MemoryMap.HEADER, labelSet, labels);
      if (behind != 0) {
        return behind;
      }
      entry = MemoryMap.next(entry);
    }
    return 0;
  }

  /** Returns where a key ends that is this label set; 0 if it is another one. */
  @HeapFree
  private static int behind(int key, int labelSet, ValueReader[] labels) {
    if (Memory.getInt(key) != labelSet) {
      return 0;
    }
    int at = key + WORD;
    for (int i = 0; i < labels.length; i++) {
      ValueReader label = labels[i];
      if (Memory.getInt(at) != label.head) {
        return 0;
      }
      at += WORD;
      if (label.head != ValueReader.ABSENT) {
        int size = label.value.size;
        if (!Text.equal(at, label.value.address, size)) {
          return 0;
        }
        at += MemoryMap.padded(size);
      }
    }
    return at;
  }

  /** Writes the key that {@link #find} has looked for last. */
  void write(int labelSet, ValueReader[] labels) {
    Memory.putLong(start, labelSet);
    int to = start + WORD;
    for (ValueReader label : labels) {
      Memory.putLong(to, label.head);
      to += WORD;
      if (label.head != ValueReader.ABSENT) {
        Memory.putLong(to + (label.value.size & -WORD), 0);
        for (int i = 0; i < label.value.size; i++) {
          Memory.putByte(to + i, Memory.getByte(label.value.address + i));
        }
        to += MemoryMap.padded(label.value.size);
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
