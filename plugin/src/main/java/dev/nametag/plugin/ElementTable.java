package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.naming.ListPolicy;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * The elements of a list in memory: their number, then for each where it starts from there and its
 * size, then their bytes. Of those beyond {@link ListPolicy#MAX_ELEMENTS} there is only one, which
 * is empty.
 */
final class ElementTable {
  private static final int ENTRY = 8;

  private ElementTable() {}

  /** Returns the table of some elements, at least one. */
  static byte[] of(List<byte[]> elements) {
    int count = Math.min(elements.size(), ListPolicy.MAX_ELEMENTS + 1);
    int at = ENTRY + count * ENTRY;
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writeLong(table, count);
    for (int i = 0; i < count; i++) {
      byte[] element = i < ListPolicy.MAX_ELEMENTS ? elements.get(i) : new byte[0];
      writeLong(table, ((long) element.length << 32) | at);
      bytes.write(element, 0, element.length);
      at += element.length;
    }
    table.write(bytes.toByteArray(), 0, bytes.size());
    return table.toByteArray();
  }

  private static void writeLong(ByteArrayOutputStream out, long value) {
    for (int i = 0; i < Long.BYTES; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  @HeapFree
  static int count(int table) {
    return Memory.getInt(table);
  }

  /** Shows an element. */
  @HeapFree
  static void element(int table, int index, Window element) {
    int entry = table + ENTRY + index * ENTRY;
    element.address = table + Memory.getInt(entry);
    element.size = Memory.getInt(entry + 4);
  }
}
