package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;
import dev.nametag.naming.LabelValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of a label set as bytes that differ if the label sets do: for each value its kind, its
 * length and its bytes. Used again for every stream; grows to the largest key and stays so.
 *
 * <p>Of a value longer than the bound only so much is kept as is written into names: its beginning
 * and its hash, so that the size of a key is bounded whatever a caller sends.
 */
final class SeriesKey {
  private static final byte ABSENT = 0;
  private static final byte PRESENT = 1;
  private static final byte OTHER = 2;
  private static final byte LONG = 3;
  private static final int HEADER = 5;

  private byte[] bytes = new byte[256];
  private int length;
  // The values of the current key that were too long, whole, for writing their names. Rare.
  private final List<LabelValue> longValues = new ArrayList<>();

  SeriesKey reset() {
    length = 0;
    if (!longValues.isEmpty()) {
      longValues.clear();
    }
    return this;
  }

  /** Becomes the key of the series that takes what is over the budget. */
  void resetToOther(int values) {
    reset();
    for (int i = 0; i < values; i++) {
      header(OTHER, 0);
    }
  }

  void addAbsent() {
    header(ABSENT, 0);
  }

  void add(HostBytes value, int maxBytes) {
    if (value.length() > maxBytes) {
      LabelValue whole = LabelValue.of(value.array(), value.offset(), value.end());
      longValues.add(whole);
      byte[] hash = whole.hash();
      header(LONG, maxBytes + hash.length);
      append(value.array(), value.offset(), maxBytes);
      append(hash, 0, hash.length);
    } else {
      header(PRESENT, value.length());
      append(value.array(), value.offset(), value.length());
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Returns the values that this key was made of. */
  List<LabelValue> values() {
    List<LabelValue> values = new ArrayList<>();
    int at = 0;
    int nextLong = 0;
    while (at < length) {
      int size = readInt(at + 1);
      int start = at + HEADER;
      switch (bytes[at]) {
        case ABSENT -> values.add(LabelValue.ABSENT);
        case OTHER -> values.add(LabelValue.OTHER);
        case LONG -> values.add(longValues.get(nextLong++));
        default -> values.add(LabelValue.of(bytes, start, start + size));
      }
      at = start + size;
    }
    return values;
  }

  int hash() {
    int hash = 0x811c9dc5;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ bytes[i]) * 0x01000193;
    }
    // The low bits choose the slot; let all bits have a say in them.
    hash ^= hash >>> 15;
    hash *= 0x2c1b3c6d;
    return hash ^ (hash >>> 12);
  }

  private void header(byte kind, int size) {
    ensure(HEADER);
    bytes[length] = kind;
    bytes[length + 1] = (byte) size;
    bytes[length + 2] = (byte) (size >>> 8);
    bytes[length + 3] = (byte) (size >>> 16);
    bytes[length + 4] = (byte) (size >>> 24);
    length += HEADER;
  }

  private int readInt(int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | (bytes[at + 3] & 0xff) << 24;
  }

  private void append(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  private void ensure(int more) {
    if (more > bytes.length - length) {
      byte[] grown = new byte[Math.max(bytes.length * 2, length + more)];
      System.arraycopy(bytes, 0, grown, 0, length);
      bytes = grown;
    }
  }
}
