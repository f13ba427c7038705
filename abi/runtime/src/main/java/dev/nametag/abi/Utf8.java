package dev.nametag.abi;

/**
 * UTF-8 (RFC 3629), byte for byte as {@link String} encodes and decodes it. Written here since the
 * charsets of the class library are 25 KB of a module.
 */
public final class Utf8 {
  private static final char REPLACEMENT = '\ufffd';

  private Utf8() {}

  /** Returns the bytes of a text; a surrogate without its other half becomes {@code ?}. */
  public static byte[] encode(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      int code = codeAt(text, i);
      length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      i += code >= 0x10000 ? 1 : 0;
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      int code = codeAt(text, i);
      if (code < 0x80) {
        bytes[at++] = (byte) code;
      } else if (code < 0x800) {
        bytes[at++] = (byte) (0xc0 | code >> 6);
        bytes[at++] = continuation(code);
      } else if (code < 0x10000) {
        bytes[at++] = (byte) (0xe0 | code >> 12);
        bytes[at++] = continuation(code >> 6);
        bytes[at++] = continuation(code);
      } else {
        bytes[at++] = (byte) (0xf0 | code >> 18);
        bytes[at++] = continuation(code >> 12);
        bytes[at++] = continuation(code >> 6);
        bytes[at++] = continuation(code);
        i++;
      }
    }
    return bytes;
  }

  private static int codeAt(String text, int i) {
    char c = text.charAt(i);
    if (c < 0xd800 || c > 0xdfff) {
      return c;
    }
    char next = c < 0xdc00 && i + 1 < text.length() ? text.charAt(i + 1) : 0;
    return next >= 0xdc00 && next <= 0xdfff ? 0x10000 + ((c - 0xd800) << 10) + next - 0xdc00 : '?';
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }

  /**
   * Returns the text of {@code length} bytes from {@code offset} on; what is not UTF-8 becomes
   * U+FFFD, one for as many bytes as could have been the beginning of a character.
   */
  public static String decode(byte[] bytes, int offset, int length) {
    StringBuilder text = new StringBuilder(length);
    int end = offset + length;
    int at = offset;
    while (at < end) {
      int first = bytes[at++] & 0xff;
      int more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
      if (first > 0xf4) {
        more = -1;
      }
      // The second byte rules out longer forms than necessary and what lies behind U+10FFFF.
      int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
      int high = first == 0xf4 ? 0x8f : 0xbf;
      int code = more <= 0 ? first : first & (0x3f >> more);
      int left = more;
      while (left > 0 && at < end && (bytes[at] & 0xff) >= low && (bytes[at] & 0xff) <= high) {
        code = code << 6 | (bytes[at++] & 0x3f);
        low = 0x80;
        high = 0xbf;
        left--;
      }
      if (left != 0 || (code >= 0xd800 && code <= 0xdfff)) {
        text.append(REPLACEMENT);
      } else if (code < 0x10000) {
        text.append((char) code);
      } else {
        text.append((char) (0xd7c0 + (code >> 10))).append((char) (0xdc00 | (code & 0x3ff)));
      }
    }
    return text.toString();
  }

  /** Returns whether the bytes from {@code offset} up to {@code end} are UTF-8. */
  public static boolean isValid(byte[] bytes, int offset, int end) {
    // U+FFFD stands for what is not UTF-8, and for itself.
    String text = decode(bytes, offset, end - offset);
    if (text.indexOf(REPLACEMENT) < 0) {
      return true;
    }
    byte[] again = encode(text);
    if (again.length != end - offset) {
      return false;
    }
    for (int i = 0; i < again.length; i++) {
      if (again[i] != bytes[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
