package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.naming.ListPolicy;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a label shows of a list: one text, or for {@link ListPolicy#ALL} an {@link ElementTable}. An
 * empty list is no value.
 */
final class ListValue extends ValueSource implements ReadInJava {
  private final Stream stream;
  private final ValueSource source;
  private final ListPolicy policy;
  private final ListElements elements;
  private final ListCache cache;
  private final int number;

  // What came of a list that is not remembered, and for which stream.
  private int readFor = -1;
  private int found;
  private int block;
  private int blockSize;
  private int size;

  ListValue(Stream stream, ValueSource source, ListPolicy policy) {
    this.stream = stream;
    this.source = source;
    this.policy = policy;
    this.elements = new ListElements(stream);
    this.cache = stream.lists();
    this.number = stream.inJava.size();
    stream.inJava.add(this);
  }

  @Override
  @HeapFree
  int read(Window value) {
    value.form = ListForm.TEXT;
    int read = source.read(value);
    if (read != FOUND) {
      return read;
    }
    if (cache.find(number, value)) {
      return cache.found;
    }
    if (readFor == stream.number) {
      value.address = block;
      value.size = size;
      return found;
    }
    value.inJava = number;
    return IN_JAVA;
  }

  @Override
  public void readInJava(Window value) {
    byte[] result = shown(elements.of(value));
    if (cache.add(number, value, result)) {
      return;
    }
    if (result != null) {
      if (result.length > blockSize) {
        // What was there before is given back with all else; doubling bounds it.
        int larger = Math.max(result.length, blockSize * 2);
        block = stream.region.allocate(larger);
        blockSize = larger;
      }
      Memory.copyIn(result, 0, result.length, block);
      size = result.length;
    }
    found = result == null ? NONE : FOUND;
    readFor = stream.number;
  }

  private byte[] shown(List<byte[]> list) {
    if (list.isEmpty()) {
      return null;
    }
    if (policy == ListPolicy.FIRST) {
      return list.get(0);
    }
    List<byte[]> sorted = sortedOnce(list);
    return policy == ListPolicy.ALL ? ElementTable.of(sorted) : joined(sorted);
  }

  /** Returns the elements in the order of their bytes, each once. */
  private static List<byte[]> sortedOnce(List<byte[]> list) {
    if (list.size() < 2) {
      return list;
    }
    int half = list.size() / 2;
    List<byte[]> some = sortedOnce(list.subList(0, half));
    List<byte[]> others = sortedOnce(list.subList(half, list.size()));
    List<byte[]> merged = new ArrayList<>(list.size());
    int i = 0;
    int j = 0;
    while (i < some.size() || j < others.size()) {
      int order =
          i == some.size() ? 1 : j == others.size() ? -1 : compare(some.get(i), others.get(j));
      merged.add(order <= 0 ? some.get(i) : others.get(j));
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return merged;
  }

  private static int compare(byte[] some, byte[] other) {
    int common = Math.min(some.length, other.length);
    for (int i = 0; i < common; i++) {
      if (some[i] != other[i]) {
        return (some[i] & 0xff) - (other[i] & 0xff);
      }
    }
    return some.length - other.length;
  }

  private static byte[] joined(List<byte[]> list) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] element : list) {
      if (out.size() > 0) {
        out.write('+');
      }
      for (byte b : element) {
        if (b == '+' || b == '\\') {
          out.write('\\');
        }
        out.write(b);
      }
    }
    return out.toByteArray();
  }
}
