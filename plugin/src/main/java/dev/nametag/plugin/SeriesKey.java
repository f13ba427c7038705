package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.Region;

/**
 * A label set as bytes that differ if the label sets do: which labels they are, and for each value
 * that is not the same for all streams its kind, its size and its bytes, each in whole words that
 * are filled up with zeros. Used again for every stream.
 *
 * <p>It is written and read in the same words: processors wait if they are to read at once what has
 * been written in other parts.
 */
final class SeriesKey {
  private static final int WORD = MemoryMap.WORD;

  /** What a key has at most. */
  final int maxSize;

  private final int start;
  private int end;

  /** Has room for so many values, of so many bytes each. */
  SeriesKey(Region region, int values, int valueBytes) {
    maxSize = WORD + values * (WORD + MemoryMap.padded(valueBytes));
    start = region.allocate(maxSize);
  }

  /** Starts the key of a label set with these labels. */
  @HeapFree
  void start(int labelSet) {
    Memory.putLong(start, labelSet);
    end = start + WORD;
  }

  /** Adds the value of a label that has been read. */
  @HeapFree
  void add(int kind, ValueReader label) {
    int to = end;
    if (kind == ValueReader.ABSENT) {
      Memory.putLong(to, kind);
      end = to + WORD;
      return;
    }
    int size = label.size();
    Memory.putLong(to, (long) size << 3 | kind);
    to += WORD;
    int from = label.address();
    int last = from + size - WORD;
    while (from <= last) {
      Memory.putLong(to, Memory.getLong(from));
      from += WORD;
      to += WORD;
    }
    int rest = last + WORD - from;
    if (rest > 0) {
      Memory.putLong(to, Memory.getLong(from) & ((1L << (rest * 8)) - 1));
      to += WORD;
    }
    end = to;
  }

  @HeapFree
  int address() {
    return start;
  }

  @HeapFree
  int size() {
    return end - start;
  }
}
