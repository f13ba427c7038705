package dev.nametag.naming;

/** Where code points lie in bytes that may or may not be UTF-8 (Unicode standard, table 3-7). */
final class Utf8 {
  private static final int REPLACEMENT = 0xfffd;

  private Utf8() {}

  /**
   * Returns how many bytes the code point at {@code at} takes, from 1 to 4; 1 if no well-formed
   * sequence starts there or it does not end before {@code end}.
   */
  static int lengthAt(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    int length;
    int low = 0x80;
    int high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
      length = 2;
    } else if (first >= 0xe0 && first <= 0xef) {
      length = 3;
      if (first == 0xe0) {
        low = 0xa0;
      } else if (first == 0xed) {
        high = 0x9f;
      }
    } else if (first >= 0xf0 && first <= 0xf4) {
      length = 4;
      if (first == 0xf0) {
        low = 0x90;
      } else if (first == 0xf4) {
        high = 0x8f;
      }
    } else {
      return 1;
    }
    if (at + length > end) {
      return 1;
    }
    for (int i = 1; i < length; i++) {
      int next = bytes[at + i] & 0xff;
      if (next < low || next > high) {
        return 1;
      }
      low = 0x80;
      high = 0xbf;
    }
    return length;
  }

  /**
   * Returns the code point of {@code length} bytes, as {@link #lengthAt} says; U+FFFD for a byte
   * that is not UTF-8.
   */
  static int codePointAt(byte[] bytes, int at, int length) {
    int first = bytes[at] & 0xff;
    if (length == 1) {
      return first < 0x80 ? first : REPLACEMENT;
    }
    int codePoint = first & (0x7f >> length);
    for (int i = 1; i < length; i++) {
      codePoint = codePoint << 6 | (bytes[at + i] & 0x3f);
    }
    return codePoint;
  }

  /** Appends the text of the first {@code length} bytes, with U+FFFD for what is not UTF-8. */
  static void append(byte[] bytes, int length, StringBuilder out) {
    int at = 0;
    while (at < length) {
      int size = lengthAt(bytes, at, length);
      out.appendCodePoint(codePointAt(bytes, at, size));
      at += size;
    }
  }
}
