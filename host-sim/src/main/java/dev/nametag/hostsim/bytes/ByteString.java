package dev.nametag.hostsim.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** An immutable sequence of bytes, compared bytewise as unsigned values. */
public final class ByteString implements Comparable<ByteString> {

  /** No bytes. */
  public static final ByteString EMPTY = new ByteString(new byte[0]);

  private final byte[] bytes;

  /** 0 until somebody asks; bodies are never asked. */
  private int hash;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Holds the bytes themselves, which nobody may change any more. */
  static ByteString wrap(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new ByteString(bytes);
  }

  void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, bytes.length);
  }

  /** Holds a copy of the bytes. */
  public static ByteString of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new ByteString(bytes.clone());
  }

  /** Holds the UTF-8 form of the text. */
  public static ByteString utf8(String text) {
    return text.isEmpty() ? EMPTY : new ByteString(text.getBytes(UTF_8));
  }

  /** The number of bytes. */
  public int size() {
    return bytes.length;
  }

  /** Whether there are no bytes. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** The byte at the index, counted from zero. */
  public byte byteAt(int index) {
    return bytes[index];
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** The bytes in the half-open range. */
  public ByteString slice(int from, int to) {
    return from == 0 && to == bytes.length
        ? this
        : new ByteString(Arrays.copyOfRange(bytes, from, to));
  }

  /** The index of the first such byte at or after {@code from}, or -1. */
  public int indexOf(char wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == (byte) wanted) {
        return i;
      }
    }
    return -1;
  }

  /** These bytes followed by those. */
  public ByteString concat(ByteString other) {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + other.bytes.length);
    System.arraycopy(other.bytes, 0, joined, bytes.length, other.bytes.length);
    return new ByteString(joined);
  }

  /** The same bytes with {@code A} to {@code Z} made lower case, as HTTP header names are. */
  public ByteString toLowerCaseAscii() {
    byte[] lower = bytes.clone();
    for (int i = 0; i < lower.length; i++) {
      if (lower[i] >= 'A' && lower[i] <= 'Z') {
        lower[i] = (byte) (lower[i] + 'a' - 'A');
      }
    }
    return new ByteString(lower);
  }

  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      hash = Arrays.hashCode(bytes);
    }
    return hash;
  }

  /** The bytes read as UTF-8; what is not UTF-8 shows as U+FFFD. */
  @Override
  public String toString() {
    return new String(bytes, UTF_8);
  }
}
