package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.MemoryMap;

/**
 * Questions about four or eight bytes at once (Warren, Hacker's Delight, 6-1: find the first
 * 0-byte): the subtraction borrows into the highest bit of a byte only if that or a lower byte is
 * below the bound.
 */
@HeapFree
final class Words {
  /** Bytes of a word. */
  static final int BYTES = 4;

  private static final int ONES = 0x01010101;
  private static final int HIGHS = 0x80808080;

  private static final long LONG_ONES = 0x0101010101010101L;
  private static final long LONG_HIGHS = 0x8080808080808080L;

  private Words() {}

  /** Returns whether one of the bytes is this one. */
  static boolean has(int word, int b) {
    return hasBelow(word ^ b * ONES, 1);
  }

  /** Returns whether one of eight bytes is this one. */
  static boolean has(long word, int b) {
    long differences = word ^ b * LONG_ONES;
    return !MemoryMap.isZero((differences - LONG_ONES) & ~differences & LONG_HIGHS);
  }

  /** Returns whether one of the bytes is below this one, which is at most 128. */
  static boolean hasBelow(int word, int b) {
    return ((word - b * ONES) & ~word & HIGHS) != 0;
  }
}
