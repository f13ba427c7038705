package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.naming.Selector;

/** A value that is a number or a truth value; one that is neither is no value. */
final class TypedValue extends ValueSource {
  private static final int INT = 0;
  private static final int DOUBLE = 1;
  private static final int BOOL = 2;

  private final ValueSource source;
  private final int type;
  private final boolean bytes;
  private final Decimals decimals;

  /**
   * Reads a value of this type.
   *
   * @param bytes whether the host gives it as bytes: 8, or one for a truth value
   */
  TypedValue(Stream stream, ValueSource source, Selector.Type type, boolean bytes) {
    this.source = source;
    this.type = type == Selector.Type.INT ? INT : type == Selector.Type.DOUBLE ? DOUBLE : BOOL;
    this.bytes = bytes;
    this.decimals = stream.decimals();
  }

  @Override
  @HeapFree
  int read(Window value) {
    int found = source.read(value);
    if (found != FOUND) {
      return found;
    }
    if (bytes && value.size == (type == BOOL ? 1 : 8)) {
      return fromBytes(value) ? FOUND : NONE;
    }
    if (type == BOOL) {
      return decimals.isTruth(value) ? FOUND : NONE;
    }
    boolean number = decimals.normalize(value);
    return number && (type == DOUBLE || Decimals.isWhole(value)) ? FOUND : NONE;
  }

  @HeapFree
  private boolean fromBytes(Window value) {
    if (type == BOOL) {
      decimals.truth(Memory.getByte(value.address) != 0, value);
      return true;
    }
    if (type == INT) {
      decimals.ofLong(Memory.getLong(value.address), value);
      return true;
    }
    return decimals.ofDouble(Memory.getLong(value.address), value);
  }
}
