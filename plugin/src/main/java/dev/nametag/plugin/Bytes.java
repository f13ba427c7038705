package dev.nametag.plugin;

import dev.nametag.abi.Utf8;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Region;

/** A constant text in memory, made when the configuration is read. */
final class Bytes {
  final int address;
  final int size;

  Bytes(Region region, byte[] bytes) {
    address = region.of(bytes);
    size = bytes.length;
  }

  static Bytes of(Region region, String text) {
    return new Bytes(region, Utf8.encode(text));
  }

  /** Returns whether the value is this text. */
  @HeapFree
  boolean is(Window value) {
    return value.size == size && starts(value);
  }

  /** Returns whether the value starts with this text. */
  @HeapFree
  boolean starts(Window value) {
    return value.size >= size && Text.equal(address, value.address, size);
  }
}
