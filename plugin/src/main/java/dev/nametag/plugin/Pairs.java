package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;

/**
 * The form in which hosts give maps and lists: a count, the sizes of all names and values, then
 * those, each followed by NUL. Source: proxy-wasm-cpp-host, src/pairs_util.cc.
 */
@HeapFree
final class Pairs {
  private Pairs() {}

  /** Returns whether the bytes are exactly that, so that they are no text. */
  static boolean are(Window value) {
    if (value.size < 4) {
      return false;
    }
    long count = int32(value, 0);
    long expected = 4 + count * 8;
    if (expected > value.size) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      expected += int32(value, 4 + i * 8) + 1;
      expected += int32(value, 8 + i * 8) + 1;
    }
    return expected == value.size;
  }

  private static long int32(Window value, int at) {
    return Memory.getInt(value.address + at) & 0xffffffffL;
  }
}
