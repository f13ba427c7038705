package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.RawHostcalls;

/**
 * Reads a value of the metadata.
 *
 * <p>The host gives a value as bytes without its type. What could be a number (8 bytes), a truth
 * value (one byte, 0 or 1) or a list is looked up once more in the metadata as a whole, a protobuf
 * message, which has the types; so a text of 8 bytes is never taken for a number.
 */
final class MetadataValue extends ValueSource {
  private final RawHostcalls host;
  private final Property leaf;
  // Null if the index is no element but -1.
  private final Property element;
  private final int index;
  // Null if the configuration says that the value is a text.
  private final StructValue typed;
  private final boolean lists;
  private boolean isElement;

  MetadataValue(
      RawHostcalls host,
      Property leaf,
      Property element,
      int index,
      StructValue typed,
      boolean lists) {
    this.host = host;
    this.lists = lists;
    this.leaf = leaf;
    this.element = element;
    this.index = index;
    this.typed = typed;
  }

  @Override
  @HeapFree
  int read(Window value) {
    value.form = ListForm.TEXT;
    if (element != null) {
      int found = element.read(value);
      if (found != NONE) {
        isElement = true;
        return found == FOUND ? checked(value) : found;
      }
    }
    isElement = false;
    int found = leaf.read(value);
    if (found != FOUND) {
      return found;
    }
    return checked(value);
  }

  @HeapFree
  private int checked(Window value) {
    boolean pairs = Pairs.are(value);
    if (typed != null && (pairs || couldBeScalar(value))) {
      int address = value.address;
      int size = value.size;
      int found = typed.read(value);
      if (found == FAILED ? host.lacksRoom() : typed.kind != StructReader.NOTHING) {
        return found;
      }
      // The host does not give the whole.
      value.address = address;
      value.size = size;
      value.form = ListForm.TEXT;
    }
    if (!pairs) {
      return index < 0 || isElement || Text.element(value, index) ? FOUND : NONE;
    }
    value.form = ListForm.PAIRS;
    return lists || typed == null ? FOUND : NONE;
  }

  @HeapFree
  private static boolean couldBeScalar(Window value) {
    return value.size == 8 || (value.size == 1 && Memory.getByte(value.address) <= 1);
  }
}
