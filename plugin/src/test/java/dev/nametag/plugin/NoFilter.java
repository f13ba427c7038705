package dev.nametag.plugin;

import java.util.HexFormat;

/** A module without callbacks. */
final class NoFilter {
  private NoFilter() {}

  /**
   * Returns a module of ABI 0.2.1 that exports memory and an allocator, and nothing else: types
   * {@code () -> ()} and {@code (i32) -> i32}, two functions, one page, three exports, two bodies.
   */
  static byte[] module() {
    return HexFormat.of()
        .parseHex(
            "0061736d0100000001090260000060017f017f02010003030200010503010001073f031770726f78"
                + "795f6162695f76657273696f6e5f305f325f3100001870726f78795f6f6e5f6d656d6f72795f61"
                + "6c6c6f636174650001066d656d6f727902000a13020602017e017f0b0a02017e017f4180c0020b");
  }
}
