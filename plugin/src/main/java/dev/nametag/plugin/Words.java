package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;

/**
 * Questions about four bytes at once (Warren, Hacker's Delight, 6-1: find the first 0-byte): the
 * subtraction borrows into the highest bit of a byte only if that or a lower byte is below the
 * bound.
 */
@HeapFree
final class Words {
  /** Bytes of a word. */
  static final int BYTES = 4;

  private static final int ONES = 0x01010101;
  private static final int HIGHS = 0x80808080;

  private Words() {}

  /** Returns whether one of the bytes is this one. */
  static boolean has(int word, int b) {
    return hasBelow(word ^ b * ONES, 1);
  }

  /** Returns whether one of the bytes is below this one, which is at most 128. */
  static boolean hasBelow(int word, int b) {
    return ((word - b * ONES) & ~word & HIGHS) != 0;
  }
}
