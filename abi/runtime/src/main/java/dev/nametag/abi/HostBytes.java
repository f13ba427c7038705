package dev.nametag.abi;

import java.util.Arrays;

/**
 * Bytes that the host gave: a window into an array that belongs to the runtime.
 *
 * <p>The caller owns the object and may use it again and again, so that reading allocates nothing.
 * What it shows is valid until the callback in which it was filled returns; keep a copy of what is
 * needed longer.
 */
public final class HostBytes {
  private static final byte[] NOTHING = new byte[0];

  private byte[] array = NOTHING;
  private int offset;
  private int length;

  /** Shows {@code length} bytes of the array from {@code offset} on; called by hostcalls. */
  public void set(byte[] array, int offset, int length) {
    if (offset < 0 || length < 0 || length > array.length - offset) {
      throw new IllegalArgumentException(offset + " + " + length + " of " + array.length);
    }
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** Returns the array in which the bytes lie; only {@link #offset} to {@link #end} is theirs. */
  public byte[] array() {
    return array;
  }

  /** Returns the index of the first byte. */
  public int offset() {
    return offset;
  }

  /** Returns how many bytes there are. */
  public int length() {
    return length;
  }

  /** Returns the index after the last byte. */
  public int end() {
    return offset + length;
  }

  /** Returns a copy of the bytes. */
  public byte[] copy() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** Returns the bytes as UTF-8 text; bytes that are not UTF-8 become U+FFFD. */
  public String text() {
    return Utf8.decode(array, offset, length);
  }

  /** Returns the bytes as a little-endian number, as the host writes int64; needs 8 of them. */
  public long int64() {
    if (length != 8) {
      throw new IllegalStateException("an int64 has 8 bytes, not " + length);
    }
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | (array[offset + i] & 0xff);
    }
    return value;
  }
}
