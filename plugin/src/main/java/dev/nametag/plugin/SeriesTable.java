package dev.nametag.plugin;

/**
 * Numbers label sets from 0 in the order in which they are added: an open-addressing table with
 * linear probing over keys that lie one behind the other in one array. Finding allocates nothing.
 */
final class SeriesTable {
  // A slot holds the number of a series + 1, or 0; at most half of the slots are taken.
  private int[] slots = new int[32];
  private int size;

  // By series number: where its key starts; the key ends where the next one starts.
  private int[] starts = new int[17];
  private int[] hashes = new int[16];
  private byte[] keys = new byte[1024];

  /** Returns the number of the series with this key, or -1. */
  int find(SeriesKey key) {
    int hash = key.hash();
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int series = slots[slot] - 1;
      if (hashes[series] == hash && isKeyOf(series, key)) {
        return series;
      }
    }
    return -1;
  }

  /** Adds a key that is not in the table and returns the number of its series. */
  int add(SeriesKey key) {
    if (size == hashes.length) {
      grow();
    }
    int series = size++;
    int start = starts[series];
    if (key.length() > keys.length - start) {
      keys = copy(keys, start, Math.max(keys.length * 2, start + key.length()));
    }
    System.arraycopy(key.bytes(), 0, keys, start, key.length());
    starts[series + 1] = start + key.length();
    hashes[series] = key.hash();
    insert(series);
    return series;
  }

  private boolean isKeyOf(int series, SeriesKey key) {
    int start = starts[series];
    if (starts[series + 1] - start != key.length()) {
      return false;
    }
    byte[] wanted = key.bytes();
    for (int i = key.length() - 1; i >= 0; i--) {
      if (keys[start + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private void insert(int series) {
    int mask = slots.length - 1;
    int slot = hashes[series] & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = series + 1;
  }

  private void grow() {
    int capacity = hashes.length * 2;
    int[] grownHashes = new int[capacity];
    System.arraycopy(hashes, 0, grownHashes, 0, size);
    hashes = grownHashes;
    int[] grownStarts = new int[capacity + 1];
    System.arraycopy(starts, 0, grownStarts, 0, size + 1);
    starts = grownStarts;
    slots = new int[capacity * 2];
    for (int series = 0; series < size; series++) {
      insert(series);
    }
  }

  private static byte[] copy(byte[] from, int length, int capacity) {
    byte[] grown = new byte[capacity];
    System.arraycopy(from, 0, grown, 0, length);
    return grown;
  }
}
