package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.Region;
import dev.nametag.naming.Selector;
import java.util.List;

/**
 * Finds a value in a google.protobuf.Struct, or in the metadata of Envoy, which are Structs by
 * namespace. Of keys that occur twice the last counts, as in protobuf; bytes that are no protobuf
 * have no value.
 *
 * <p>Source: google/protobuf/struct.proto; Envoy, api/envoy/config/core/v3/base.proto, Metadata.
 */
final class StructReader {
  /** There is none, it is null, or the bytes are malformed. */
  static final int NOTHING = 0;

  /** The window shows the 8 bytes of a double. */
  static final int NUMBER = 1;

  /** The window shows a text. */
  static final int TEXT = 2;

  /** {@code true} or {@code false}; the window shows nothing. */
  static final int TRUE = 3;

  static final int FALSE = 4;

  /** The window shows a Struct. */
  static final int STRUCT = 5;

  /** The window shows a ListValue. */
  static final int LIST = 6;

  // Constants, since heap-free code cannot initialise a class.
  // Fields of Struct, ListValue and Metadata; of an entry of a map; of Value.
  static final int ITEM = (1 << Wire.TAG_SHIFT) | Wire.LENGTH_DELIMITED;
  private static final int KEY = (1 << Wire.TAG_SHIFT) | Wire.LENGTH_DELIMITED;
  private static final int VALUE = (2 << Wire.TAG_SHIFT) | Wire.LENGTH_DELIMITED;
  private static final int NULL_VALUE = (1 << Wire.TAG_SHIFT) | Wire.VARINT;
  private static final int NUMBER_VALUE = (2 << Wire.TAG_SHIFT) | Wire.FIXED64;
  private static final int STRING_VALUE = (3 << Wire.TAG_SHIFT) | Wire.LENGTH_DELIMITED;
  private static final int BOOL_VALUE = (4 << Wire.TAG_SHIFT) | Wire.VARINT;
  private static final int STRUCT_VALUE = (5 << Wire.TAG_SHIFT) | Wire.LENGTH_DELIMITED;
  private static final int LIST_VALUE = (6 << Wire.TAG_SHIFT) | Wire.LENGTH_DELIMITED;

  private final Wire items = new Wire();
  private final Wire entry = new Wire();
  private final boolean metadata;
  // Null where the step is an index.
  private final Bytes[] keys;
  private final int[] indexes;

  /**
   * Reads what the steps lead to.
   *
   * @param metadata whether the message is Metadata, and the first step a namespace
   */
  StructReader(Region region, boolean metadata, List<Selector.Step> path) {
    this.metadata = metadata;
    keys = new Bytes[path.size()];
    indexes = new int[path.size()];
    for (int i = 0; i < keys.length; i++) {
      if (path.get(i) instanceof Selector.Key key) {
        keys[i] = Bytes.of(region, key.name());
      } else {
        indexes[i] = ((Selector.Index) path.get(i)).index();
      }
    }
  }

  /** Narrows the message to the value; returns what it is, as the numbers above. */
  @HeapFree
  int find(Window message) {
    int kind = STRUCT;
    for (int i = 0; i < keys.length; i++) {
      Bytes key = keys[i];
      if (kind != (key == null ? LIST : STRUCT)) {
        return NOTHING;
      }
      if (!(key == null ? element(message, indexes[i]) : member(message, key))) {
        return NOTHING;
      }
      if (i > 0 || !metadata) {
        kind = value(message);
      }
    }
    return kind;
  }

  /** Narrows a Struct to the Value of a key; returns whether there is one. */
  @HeapFree
  private boolean member(Window struct, Bytes key) {
    int address = 0;
    int size = -1;
    items.open(struct.address, struct.size);
    while (items.next()) {
      if (items.tag == ITEM) {
        // What an entry does not say is empty.
        int keyAddress = items.address;
        int keySize = 0;
        int valueAddress = items.address;
        int valueSize = 0;
        entry.open(items.address, items.size);
        while (entry.next()) {
          if (entry.tag == KEY) {
            keyAddress = entry.address;
            keySize = entry.size;
          } else if (entry.tag == VALUE) {
            valueAddress = entry.address;
            valueSize = entry.size;
          }
        }
        if (entry.malformed) {
          return false;
        }
        if (keySize == key.size && Text.equal(keyAddress, key.address, keySize)) {
          address = valueAddress;
          size = valueSize;
        }
      }
    }
    struct.address = address;
    struct.size = size;
    return size >= 0 && !items.malformed;
  }

  /** Narrows a ListValue to the Value at an index; returns whether there is one. */
  @HeapFree
  boolean element(Window list, int index) {
    int address = 0;
    int size = -1;
    int count = 0;
    items.open(list.address, list.size);
    while (items.next()) {
      if (items.tag == ITEM) {
        if (count == index) {
          address = items.address;
          size = items.size;
        }
        count++;
      }
    }
    list.address = address;
    list.size = size;
    return size >= 0 && !items.malformed;
  }

  /** Narrows a Value to what it holds; returns what that is. */
  @HeapFree
  int value(Window value) {
    int kind = NOTHING;
    entry.open(value.address, value.size);
    while (entry.next()) {
      int found = kind(entry.tag, entry.varint);
      if (found >= 0) {
        kind = found;
        value.address = entry.address;
        value.size = entry.size;
      }
    }
    return entry.malformed ? NOTHING : kind;
  }

  /** Returns what a field of Value is; -1 if it is none of those. */
  @HeapFree
  private static int kind(int tag, long varint) {
    if (tag == STRING_VALUE) {
      return TEXT;
    }
    if (tag == NUMBER_VALUE) {
      return NUMBER;
    }
    if (tag == BOOL_VALUE) {
      return varint == 0 ? FALSE : TRUE;
    }
    if (tag == LIST_VALUE) {
      return LIST;
    }
    if (tag == STRUCT_VALUE) {
      return STRUCT;
    }
    return tag == NULL_VALUE ? NOTHING : -1;
  }

  /** Writes a found value as text; returns whether it has one. */
  @HeapFree
  static boolean toText(int kind, Window value, Decimals decimals) {
    if (kind == NUMBER) {
      return decimals.ofDouble(Memory.getLong(value.address), value);
    }
    if (kind == TRUE || kind == FALSE) {
      decimals.truth(kind == TRUE, value);
      return true;
    }
    return kind == TEXT;
  }
}
