package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.naming.Selector;
import java.util.List;

/**
 * Reads a value out of a protobuf message that holds Structs, where everything has its type: a
 * text, a number or a truth value as text; a list only if the label takes lists.
 */
final class StructValue extends ValueSource {
  private final SharedProperty message;
  private final StructReader reader;
  // Element of a list or of a text with commas, -1 for the value itself.
  private final int index;
  private final boolean lists;
  private final Decimals decimals;

  /** What the path leads to, as {@link StructReader} says, after {@link #read}. */
  int kind;

  StructValue(
      Stream stream,
      SharedProperty message,
      boolean metadata,
      List<Selector.Step> path,
      int index,
      boolean lists) {
    this.message = message;
    this.reader = new StructReader(stream.region, metadata, path);
    this.index = index;
    this.lists = lists;
    this.decimals = stream.decimals();
  }

  @Override
  @HeapFree
  int read(Window value) {
    kind = StructReader.NOTHING;
    int found = message.read(value);
    if (found != FOUND) {
      return found;
    }
    kind = reader.find(value);
    value.form = ListForm.TEXT;
    if (kind == StructReader.LIST) {
      if (index >= 0) {
        kind = reader.element(value, index) ? reader.value(value) : StructReader.NOTHING;
      } else if (lists) {
        value.form = ListForm.PROTOBUF;
        return FOUND;
      }
    } else if (kind == StructReader.TEXT && index >= 0 && !Text.element(value, index)) {
      return NONE;
    }
    return StructReader.toText(kind, value, decimals) ? FOUND : NONE;
  }
}
