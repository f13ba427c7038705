package dev.nametag.abi.compiler;

import java.io.ByteArrayOutputStream;

/** Collects bytes in WebAssembly's binary format; the other side of {@link WasmReader}. */
final class WasmWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  WasmWriter byteValue(int value) {
    out.write(value);
    return this;
  }

  WasmWriter bytes(byte[] source, int from, int to) {
    out.write(source, from, to - from);
    return this;
  }

  WasmWriter bytes(byte[] source) {
    return bytes(source, 0, source.length);
  }

  WasmWriter unsigned(int value) {
    int rest = value;
    while (Integer.compareUnsigned(rest, 0x80) >= 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return this;
  }

  WasmWriter signed(long value) {
    long rest = value;
    while (rest < -0x40 || rest >= 0x40) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    out.write((int) (rest & 0x7f));
    return this;
  }

  /** Writes a size and then so many bytes. */
  WasmWriter sized(WasmWriter payload) {
    unsigned(payload.size());
    out.writeBytes(payload.toByteArray());
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
