package dev.nametag.abi.compiler;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the primitives of WebAssembly's binary format from a part of an array. Whatever the bytes
 * are, the only exception is {@link IllegalArgumentException}. Source: WebAssembly specification
 * 1.0, section 5.2 (values).
 */
final class WasmReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  WasmReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** Reads from {@code start} up to {@code end}, both within the array. */
  WasmReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** Returns the index of the next byte, in the whole array. */
  int at() {
    return at;
  }

  boolean hasMore() {
    return at < end;
  }

  int byteValue() {
    if (at >= end) {
      throw new IllegalArgumentException("the module ends in the middle of a section");
    }
    return bytes[at++] & 0xff;
  }

  void skip(int count) {
    if (count < 0 || count > end - at) {
      throw new IllegalArgumentException("a size points behind the end of the module");
    }
    at += count;
  }

  void skipAll() {
    at = end;
  }

  /** Returns a reader of the next bytes, and goes on behind them. */
  WasmReader part(int size) {
    int start = at;
    skip(size);
    return new WasmReader(bytes, start, at);
  }

  /** Returns an unsigned number; one that needs 32 bits comes out negative. */
  int unsigned() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = byteValue();
      value |= (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has more than 32 bits");
  }

  /** Returns how many entries a vector has; each of them takes at least one byte. */
  int count() {
    int count = unsigned();
    if (count < 0 || count > end - at) {
      throw new IllegalArgumentException("a vector is longer than its section");
    }
    return count;
  }

  /** Returns a signed number of at most 64 bits. */
  long signed() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = byteValue();
      value |= (b & 0x7fL) << shift;
      if (b < 0x80) {
        int unused = 64 - Math.min(64, shift + 7);
        return value << unused >> unused;
      }
    }
    throw new IllegalArgumentException("a number has more than 64 bits");
  }

  String name() {
    int length = unsigned();
    int start = at;
    skip(length);
    return new String(bytes, start, length, StandardCharsets.UTF_8);
  }

  void limits() {
    int flags = byteValue();
    unsigned();
    if ((flags & 1) != 0) {
      unsigned();
    }
  }

  /** Returns a copy of the bytes from an index of the array up to the next byte. */
  byte[] since(int start) {
    return Arrays.copyOfRange(bytes, start, at);
  }
}
