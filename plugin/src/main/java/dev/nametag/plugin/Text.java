package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;

/** Parts of texts, as windows into the same bytes. */
final class Text {
  private static final byte[] COMMA = {','};

  private Text() {}

  /** Narrows the value to the part at an index, counted from 0; returns whether there is one. */
  static boolean part(HostBytes value, byte[] separator, int index) {
    byte[] bytes = value.array();
    int end = value.end();
    int start = value.offset();
    for (int skipped = 0; skipped < index; skipped++) {
      int at = indexOf(bytes, start, end, separator);
      if (at < 0) {
        return false;
      }
      start = at + separator.length;
    }
    int at = indexOf(bytes, start, end, separator);
    value.set(bytes, start, (at < 0 ? end : at) - start);
    return true;
  }

  /** Narrows the value to an element of a comma list, without the spaces around it. */
  static boolean element(HostBytes value, int index) {
    if (!part(value, COMMA, index)) {
      return false;
    }
    byte[] bytes = value.array();
    int start = value.offset();
    int end = value.end();
    while (start < end && bytes[start] == ' ') {
      start++;
    }
    while (start < end && bytes[end - 1] == ' ') {
      end--;
    }
    value.set(bytes, start, end - start);
    return true;
  }

  private static int indexOf(byte[] bytes, int from, int to, byte[] wanted) {
    for (int at = from; at <= to - wanted.length; at++) {
      int matched = 0;
      while (matched < wanted.length && bytes[at + matched] == wanted[matched]) {
        matched++;
      }
      if (matched == wanted.length) {
        return at;
      }
    }
    return -1;
  }
}
