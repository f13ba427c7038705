package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Region;
import dev.nametag.naming.Selector;

/** One part of a text between separators. */
final class PartOf extends ValueSource {
  private final ValueSource whole;
  private final Bytes separator;
  private final int index;

  PartOf(Region region, ValueSource whole, Selector.Split split) {
    this.whole = whole;
    this.separator = Bytes.of(region, split.separator());
    this.index = split.index();
  }

  @Override
  @HeapFree
  int read(Window value) {
    int found = whole.read(value);
    return found == FOUND && !Text.part(value, separator.address, separator.size, index)
        ? NONE
        : found;
  }
}
