package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;

/** The first of some values that is there. */
final class FirstOf extends ValueSource {
  private final ValueSource[] readers;

  FirstOf(ValueSource... readers) {
    this.readers = readers;
  }

  @Override
  @HeapFree
  int read(Window value) {
    for (int i = 0; i < readers.length; i++) {
      int found = readers[i].read(value);
      if (found != NONE) {
        return found;
      }
    }
    return NONE;
  }
}
