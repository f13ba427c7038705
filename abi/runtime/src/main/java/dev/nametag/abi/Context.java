package dev.nametag.abi;

import dev.nametag.abi.memory.HeapFree;

/** What a context id stands for. */
abstract class Context {

  /** Returns whether nothing more is to be done for a stream that has ended. */
  @HeapFree
  public boolean onLogHeapFree(int contextId) {
    return false;
  }
}
