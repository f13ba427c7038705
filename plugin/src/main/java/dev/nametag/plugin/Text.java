package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.MemoryMap;

/** Parts of texts, as windows into the same bytes. */
@HeapFree
final class Text {
  private Text() {}

  /** Narrows the value to the part at an index, counted from 0; returns whether there is one. */
  static boolean part(Window value, int separator, int separatorSize, int index) {
    int end = value.address + value.size;
    int start = value.address;
    for (int skipped = 0; skipped < index; skipped++) {
      int at = indexOf(start, end, separator, separatorSize);
      if (at < 0) {
        return false;
      }
      start = at + separatorSize;
    }
    int at = indexOf(start, end, separator, separatorSize);
    value.address = start;
    value.size = (at < 0 ? end : at) - start;
    return true;
  }

  /** Narrows the value to an element of a comma list, without the spaces around it. */
  static boolean element(Window value, int index) {
    int end = value.address + value.size;
    int start = value.address;
    for (int skipped = 0; skipped < index; skipped++) {
      start = comma(start, end) + 1;
      if (start > end) {
        return false;
      }
    }
    end = comma(start, end);
    while (start < end && Memory.getByte(start) == ' ') {
      start++;
    }
    while (start < end && Memory.getByte(end - 1) == ' ') {
      end--;
    }
    value.address = start;
    value.size = end - start;
    return true;
  }

  /** Returns whether there is a comma. */
  static boolean hasComma(Window value) {
    int at = value.address;
    int rest = value.size;
    while (rest > 0) {
      long word = Memory.getLong(at);
      if (rest < Long.BYTES) {
        word <<= (Long.BYTES - rest) * 8;
      }
      if (Words.has(word, ',')) {
        return true;
      }
      at += Long.BYTES;
      rest -= Long.BYTES;
    }
    return false;
  }

  private static int comma(int from, int to) {
    int at = from;
    while (at < to && !Words.has(Memory.getInt(at), ',')) {
      at += Words.BYTES;
    }
    while (at < to && Memory.getByte(at) != ',') {
      at++;
    }
    return Math.min(at, to);
  }

  private static int indexOf(int from, int to, int wanted, int wantedSize) {
    for (int at = from; at <= to - wantedSize; at++) {
      if (equal(at, wanted, wantedSize)) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Returns whether so many bytes are the same at two addresses, behind each of which 8 more bytes
   * can be read.
   */
  static boolean equal(int some, int others, int size) {
    int mine = some;
    int theirs = others;
    int rest = size;
    while (rest > 0) {
      long bits = Memory.getLong(mine) ^ Memory.getLong(theirs);
      if (rest < Long.BYTES) {
        bits <<= (Long.BYTES - rest) * 8;
      }
      if (!MemoryMap.isZero(bits)) {
        return false;
      }
      mine += Long.BYTES;
      theirs += Long.BYTES;
      rest -= Long.BYTES;
    }
    return true;
  }
}
