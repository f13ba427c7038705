package dev.nametag.hostsim.bytes;

import java.util.Arrays;

/**
 * Bytes that grow at the end and are changed at either end, such as a body that somebody holds.
 * Adding and dropping bytes costs what is added, however much is there. Used by one thread at a
 * time.
 */
public final class ByteQueue {

  private static final int MIN_ROOM = 64;

  /** What is there while it is in one piece; null while it is in the array. */
  private ByteString whole = ByteString.EMPTY;

  private byte[] array = new byte[0];
  private int from;
  private int to;

  /** No bytes. */
  public ByteQueue() {}

  /** These bytes, which are not copied until something is added. */
  public ByteQueue(ByteString bytes) {
    whole = bytes;
  }

  /** The number of bytes. */
  public int size() {
    return whole != null ? whole.size() : to - from;
  }

  /** Whether there are no bytes. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** Adds bytes at the end. */
  public void append(ByteString bytes) {
    if (isEmpty()) {
      whole = bytes;
      return;
    }
    makeRoom(0, bytes.size());
    bytes.copyTo(array, to);
    to += bytes.size();
  }

  /**
   * Puts bytes in the place of the first ones.
   *
   * @param dropped how many go, at most all
   */
  public void replaceFront(int dropped, ByteString bytes) {
    if (dropped == size()) {
      clear();
      whole = bytes;
      return;
    }
    makeRoom(Math.max(0, bytes.size() - dropped), 0);
    from += dropped - bytes.size();
    bytes.copyTo(array, from);
  }

  /** A copy of the bytes in the half-open range. */
  public ByteString slice(int start, int end) {
    return whole != null
        ? whole.slice(start, end)
        : ByteString.wrap(Arrays.copyOfRange(array, from + start, from + end));
  }

  /** All bytes. */
  public ByteString toByteString() {
    return whole != null ? whole : slice(0, size());
  }

  /** All bytes, of which none is left here. */
  public ByteString take() {
    ByteString all = toByteString();
    clear();
    return all;
  }

  /** Lets go of all bytes. */
  public void clear() {
    whole = ByteString.EMPTY;
    array = new byte[0];
    from = 0;
    to = 0;
  }

  /** Moves everything to an array with at least that much free at its ends. */
  private void makeRoom(int before, int after) {
    int size = size();
    if (whole == null && from >= before && array.length - to >= after) {
      return;
    }
    // As much again is free at the end where it was too little, so that this is rare.
    int front = before == 0 ? Math.min(from, size) : before + size + MIN_ROOM;
    int back = after == 0 ? Math.min(array.length - to, size) : after + size + MIN_ROOM;
    byte[] larger = new byte[Math.addExact(Math.addExact(front, size), back)];
    if (whole != null) {
      whole.copyTo(larger, front);
    } else {
      System.arraycopy(array, from, larger, front, size);
    }
    whole = null;
    array = larger;
    from = front;
    to = front + size;
  }
}
