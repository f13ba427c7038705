package dev.nametag.naming;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The value of one label: some bytes, none at all, or "one of the others", when the budget has no
 * room for the label set. Empty bytes and none at all are different values.
 */
public final class LabelValue {
  /** No selector gave a value. */
  public static final LabelValue ABSENT = new LabelValue(Kind.ABSENT, new byte[0]);

  /** The label set is over the budget. */
  public static final LabelValue OTHER = new LabelValue(Kind.OTHER, new byte[0]);

  private static final int HASH_BYTES = 16;

  private enum Kind {
    PRESENT,
    ABSENT,
    OTHER
  }

  private final Kind kind;
  private final byte[] bytes;

  private LabelValue(Kind kind, byte[] bytes) {
    this.kind = kind;
    this.bytes = bytes;
  }

  /** Returns the value with these bytes, which are copied; they need not be UTF-8. */
  public static LabelValue of(byte[] bytes) {
    return new LabelValue(Kind.PRESENT, bytes.clone());
  }

  /** Returns the value with the bytes from {@code from} up to {@code to}, which are copied. */
  public static LabelValue of(byte[] bytes, int from, int to) {
    return new LabelValue(Kind.PRESENT, Arrays.copyOfRange(bytes, from, to));
  }

  /** Returns the value with the UTF-8 bytes of the text. */
  public static LabelValue of(String text) {
    return new LabelValue(Kind.PRESENT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns whether there are bytes, possibly none of them. */
  public boolean isPresent() {
    return kind == Kind.PRESENT;
  }

  /** Returns whether this is {@link #ABSENT}. */
  public boolean isAbsent() {
    return kind == Kind.ABSENT;
  }

  /** Returns whether this is {@link #OTHER}. */
  public boolean isOther() {
    return kind == Kind.OTHER;
  }

  /**
   * Returns how many bytes there are.
   *
   * @throws IllegalStateException if the value is {@link #ABSENT} or {@link #OTHER}
   */
  public int length() {
    return present().length;
  }

  /** Returns the byte at an index, as 0 to 255. */
  int byteAt(int index) {
    return bytes[index] & 0xff;
  }

  /**
   * Returns a copy of the bytes.
   *
   * @throws IllegalStateException if the value is {@link #ABSENT} or {@link #OTHER}
   */
  public byte[] toBytes() {
    return present().clone();
  }

  /**
   * Returns the first 128 bits of the SHA-256 of the bytes, which stand for those that are cut off
   * a long value.
   *
   * @throws IllegalStateException if the value is {@link #ABSENT} or {@link #OTHER}
   */
  public byte[] hash() {
    return Arrays.copyOf(Sha256.digest(present()), HASH_BYTES);
  }

  byte[] present() {
    if (kind != Kind.PRESENT) {
      throw new IllegalStateException(kind == Kind.ABSENT ? "no bytes: absent" : "no bytes: other");
    }
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelValue value
        && kind == value.kind
        && Arrays.equals(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case ABSENT -> "absent";
      case OTHER -> "other";
      case PRESENT -> '"' + new String(bytes, StandardCharsets.UTF_8) + '"';
    };
  }
}
