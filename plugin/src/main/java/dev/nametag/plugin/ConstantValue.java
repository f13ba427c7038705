package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;

/** A value that is the same for all streams, or is never there. */
final class ConstantValue extends ValueSource {
  // Null if there is no value.
  private final Bytes bytes;

  ConstantValue(Bytes bytes) {
    this.bytes = bytes;
  }

  @Override
  @HeapFree
  int read(Window value) {
    if (bytes == null) {
      return NONE;
    }
    value.address = bytes.address;
    value.size = bytes.size;
    return FOUND;
  }
}
