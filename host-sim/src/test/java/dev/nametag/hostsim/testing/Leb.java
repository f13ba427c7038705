package dev.nametag.hostsim.testing;

import java.io.ByteArrayOutputStream;

/** The variable-length integers of WebAssembly. */
final class Leb {

  private Leb() {}

  static void unsigned(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (Integer.compareUnsigned(rest, 0x80) >= 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  static void signed(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest < -0x40 || rest >= 0x40) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    out.write((int) (rest & 0x7f));
  }
}
