package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;
import dev.nametag.abi.memory.Memory;

/**
 * A part of the list of label sets as it lies in shared data: a mark, a check sum over the rest,
 * whether another page follows, and the keys, each behind its size. Numbers have 4 bytes,
 * little-endian.
 *
 * <p>Whatever else is found there is told by mark, check sum or a size that cannot be.
 */
final class Page {
  /** "nts2"; the version of this layout and of {@link SeriesKey} is in the page's key, too. */
  private static final int MARK = 'n' | 't' << 8 | 's' << 16 | '2' << 24;

  private static final int CHECK = 4;
  private static final int CLOSED = 8;
  private static final int HEADER = 12;
  private static final int USUAL_BYTES = 4096;

  private final int maxKeyBytes;
  private final byte[] bytes;
  private int size;
  // Up to where this VM knows what is there.
  private int next;

  /** A page has room for several usual keys, but at least for one of any size. */
  Page(int maxKeyBytes) {
    this.maxKeyBytes = maxKeyBytes;
    this.bytes = new byte[Math.max(USUAL_BYTES, HEADER + 4 + maxKeyBytes)];
    clear();
  }

  /** Makes this a new page. */
  void clear() {
    size = HEADER;
    next = HEADER;
    putInt(0, MARK);
    putInt(CLOSED, 0);
  }

  /** Reads the page as it is now; returns false if it is none. */
  boolean read(HostBytes value) {
    if (value.length() < HEADER || value.length() > bytes.length || value.length() < next) {
      return false;
    }
    System.arraycopy(value.array(), value.offset(), bytes, 0, value.length());
    size = value.length();
    return getInt(0) == MARK && getInt(CHECK) == checkSum();
  }

  /** Returns whether there is a key that has not been read yet. */
  boolean hasNext() {
    return next < size;
  }

  /** Copies the next key into memory; returns its size, or -1 if it cannot be one. */
  int nextTo(int address) {
    int keySize = size - next < 4 ? -1 : getInt(next);
    if (keySize < 0 || keySize % 8 != 0 || keySize > maxKeyBytes || keySize > size - next - 4) {
      return -1;
    }
    Memory.copyIn(bytes, next + 4, keySize, address);
    next += 4 + keySize;
    return keySize;
  }

  /** Adds a key, if there is room for it; until it is written, reading the page undoes that. */
  boolean add(SeriesKey key) {
    if (key.size() > bytes.length - size - 4) {
      return false;
    }
    putInt(size, key.size());
    Memory.copyOut(key.address(), bytes, size + 4, key.size());
    size += 4 + key.size();
    return true;
  }

  /** What was added is there for all. */
  void added() {
    next = size;
  }

  /** Says that another page follows. */
  void close() {
    putInt(CLOSED, 1);
  }

  /** Returns whether another page follows. */
  boolean isClosed() {
    return getInt(CLOSED) == 1;
  }

  byte[] toBytes() {
    putInt(CHECK, checkSum());
    byte[] copy = new byte[size];
    System.arraycopy(bytes, 0, copy, 0, size);
    return copy;
  }

  private int checkSum() {
    int sum = size;
    for (int i = CLOSED; i < size; i++) {
      sum = sum * 31 + bytes[i];
    }
    return sum;
  }

  private int getInt(int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }

  private void putInt(int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) (value >> 16);
    bytes[at + 3] = (byte) (value >> 24);
  }
}
