package dev.nametag.abi;

import dev.nametag.abi.memory.HeapFree;

/**
 * Contexts by id: an open-addressing table with linear probing, so that putting and removing a
 * context per stream allocates nothing once the table has grown to the number of open streams.
 */
final class ContextTable {
  private static final int MIN_CAPACITY = 16;

  // A slot is free if its context is null. At most half of the slots are taken.
  private int[] ids = new int[MIN_CAPACITY];
  private Context[] contexts = new Context[MIN_CAPACITY];
  private int size;

  /** Returns how many contexts there are. */
  @HeapFree
  int size() {
    return size;
  }

  /** Returns the context with this id, or {@code null}. */
  @HeapFree
  Context get(int id) {
    return contexts[slotOf(id)];
  }

  /** Adds a context, or replaces the one with the same id. */
  void put(int id, Context context) {
    if (size * 2 >= ids.length) {
      grow();
    }
    int slot = slotOf(id);
    if (contexts[slot] == null) {
      size++;
    }
    ids[slot] = id;
    contexts[slot] = context;
  }

  /** Removes and returns the context with this id, or returns {@code null}. */
  Context remove(int id) {
    int hole = slotOf(id);
    Context removed = contexts[hole];
    if (removed == null) {
      return null;
    }
    size--;
    // Close the gap, so that no search for an id behind it ends there.
    int mask = ids.length - 1;
    int next = (hole + 1) & mask;
    while (contexts[next] != null) {
      int home = home(ids[next]);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        ids[hole] = ids[next];
        contexts[hole] = contexts[next];
        hole = next;
      }
      next = (next + 1) & mask;
    }
    contexts[hole] = null;
    return removed;
  }

  @HeapFree
  private int slotOf(int id) {
    int slot = home(id);
    while (contexts[slot] != null && ids[slot] != id) {
      slot = (slot + 1) & (ids.length - 1);
    }
    return slot;
  }

  @HeapFree
  private int home(int id) {
    int hash = id * 0x9e3779b9;
    return (hash ^ (hash >>> 16)) & (ids.length - 1);
  }

  private void grow() {
    int[] oldIds = ids;
    Context[] oldContexts = contexts;
    ids = new int[oldIds.length * 2];
    contexts = new Context[oldIds.length * 2];
    size = 0;
    for (int i = 0; i < oldIds.length; i++) {
      if (oldContexts[i] != null) {
        put(oldIds[i], oldContexts[i]);
      }
    }
  }
}
