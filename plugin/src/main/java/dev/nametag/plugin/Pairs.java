package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;

/**
 * The form in which hosts give maps and lists: a count, the sizes of all names and values, then
 * those, each followed by NUL. Source: proxy-wasm-cpp-host, src/pairs_util.cc.
 */
final class Pairs {
  private Pairs() {}

  /** Returns whether the bytes are exactly that, so that they are no text. */
  static boolean are(HostBytes value) {
    if (value.length() < 4) {
      return false;
    }
    long count = int32(value, 0);
    long expected = 4 + count * 8;
    if (expected > value.length()) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      expected += int32(value, 4 + i * 8) + 1;
      expected += int32(value, 8 + i * 8) + 1;
    }
    return expected == value.length();
  }

  private static long int32(HostBytes value, int at) {
    byte[] bytes = value.array();
    int start = value.offset() + at;
    return (bytes[start] & 0xffL)
        | (bytes[start + 1] & 0xffL) << 8
        | (bytes[start + 2] & 0xffL) << 16
        | (bytes[start + 3] & 0xffL) << 24;
  }
}
