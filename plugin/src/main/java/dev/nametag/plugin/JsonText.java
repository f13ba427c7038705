package dev.nametag.plugin;

import dev.nametag.abi.Utf8;
import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonSyntaxException;
import java.util.List;

/**
 * Takes a value out of JSON text: a string without its quotes, and if there is an index, the
 * element of an array. Strings without escapes and arrays of such ones, the usual case, are taken
 * where they lie; other text is read in Java, once per stream, and the source is then asked again.
 */
final class JsonText implements ReadInJava {
  /** {@code null} as an int. */
  private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;

  private final Stream stream;
  private final int index;
  private final int number;
  private final Decimals decimals;

  // What came of reading in Java, and for which stream.
  private int readFor = -1;
  private int found;
  private int block;
  private int blockSize;
  private int size;

  // Whether valueOf has taken the element already.
  private boolean isElement;

  /** With an index from 0, or -1 for the value itself. */
  JsonText(Stream stream, int index) {
    this.stream = stream;
    this.index = index;
    this.decimals = stream.decimals();
    this.number = stream.inJava.size();
    stream.inJava.add(this);
  }

  /** Narrows the window to the value, as a {@link ValueSource} does. */
  @HeapFree
  int read(Window value) {
    if (isWord(value)) {
      boolean whole = index < 0 || (index == 0 && !Text.hasComma(value));
      return whole || Text.element(value, index) ? ValueSource.FOUND : ValueSource.NONE;
    }
    if (readFor == stream.number) {
      value.address = block;
      value.size = size;
      return found;
    }
    boolean quoted = unquote(value);
    if (quoted || isItself(value)) {
      if (!quoted) {
        decimals.normalize(value);
      }
      return index < 0 || Text.element(value, index) ? ValueSource.FOUND : ValueSource.NONE;
    }
    int read = index < 0 ? ValueSource.IN_JAVA : element(value);
    value.inJava = number;
    return read;
  }

  /** Returns whether the text is its own value since it starts with a letter. */
  @HeapFree
  private static boolean isWord(Window value) {
    if (value.size == 0) {
      return false;
    }
    int letter = (Memory.getByte(value.address) | ('a' ^ 'A')) - 'a';
    // Neither is negative.
    return (letter | ('z' - 'a' - letter)) >= 0
        && Memory.getByte(value.address + value.size - 1) > ' '
        && !(value.size == 4 && Memory.getInt(value.address) == NULL);
  }

  /**
   * Returns whether the text is its own value: because it is no JSON, or because it is a number or
   * a truth value, which are taken as they are written.
   */
  @HeapFree
  private static boolean isItself(Window value) {
    if (value.size == 0) {
      return true;
    }
    int first = Memory.getByte(value.address);
    int last = Memory.getByte(value.address + value.size - 1);
    boolean isNull = value.size == 4 && Memory.getInt(value.address) == NULL;
    return first != '"'
        && first != '['
        && first != '{'
        && !isSpace(first)
        && !isSpace(last)
        && !isNull;
  }

  @HeapFree
  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  /** Takes the element of an array of ASCII strings without escapes; others need Java. */
  @HeapFree
  private int element(Window value) {
    int at = value.address;
    int end = at + value.size;
    int elementAt = 0;
    int elementSize = 0;
    int next = '[';
    for (int i = 0; next != ']'; i++) {
      if (at + 3 >= end || Memory.getByte(at) != next) {
        return ValueSource.IN_JAVA;
      }
      at++;
      if (Memory.getByte(at) == ' ') {
        at++;
      }
      if (Memory.getByte(at) != '"') {
        return ValueSource.IN_JAVA;
      }
      at++;
      int start = at;
      while (at < end && isPlain(Memory.getByte(at))) {
        at++;
      }
      if (at + 1 >= end || Memory.getByte(at) != '"') {
        return ValueSource.IN_JAVA;
      }
      if (i == index) {
        elementAt = start;
        elementSize = at - start;
      }
      at++;
      next = Memory.getByte(at) == ']' ? ']' : ',';
    }
    if (at + 1 != end) {
      return ValueSource.IN_JAVA;
    }
    if (elementAt == 0) {
      return ValueSource.NONE;
    }
    value.address = elementAt;
    value.size = elementSize;
    return ValueSource.FOUND;
  }

  @HeapFree
  private static boolean isPlain(int c) {
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
  }

  @HeapFree
  private static boolean unquote(Window value) {
    int last = value.address + value.size - 1;
    if (value.size < 2 || Memory.getByte(value.address) != '"' || Memory.getByte(last) != '"') {
      return false;
    }
    int at = value.address + 1;
    while (at < last && arePlain(Memory.getInt(at))) {
      at += Words.BYTES;
    }
    for (; at < last; at++) {
      int c = Memory.getByte(at);
      if (c == '"' || c == '\\' || c < ' ') {
        return false;
      }
    }
    value.address++;
    value.size -= 2;
    return true;
  }

  @HeapFree
  private static boolean arePlain(int word) {
    return !Words.has(word, '"') && !Words.has(word, '\\') && !Words.hasBelow(word, ' ');
  }

  @Override
  public void readInJava(Window value) {
    byte[] text = Blocks.toArray(value.address, value.size);
    byte[] result = valueOf(text);
    found = ValueSource.NONE;
    if (result != null) {
      if (result.length > blockSize) {
        // What was there before is given back with all else; doubling bounds it.
        int larger = Math.max(result.length, blockSize * 2);
        block = stream.region.allocate(larger);
        blockSize = larger;
      }
      Memory.copyIn(result, 0, result.length, block);
      size = result.length;
      value.address = block;
      value.size = size;
      if (index < 0 || isElement || Text.element(value, index)) {
        found = ValueSource.FOUND;
        size = value.size;
        for (int i = 0; i < size; i++) {
          Memory.putByte(block + i, Memory.getByte(value.address + i));
        }
      }
    }
    readFor = stream.number;
  }

  private byte[] valueOf(byte[] text) {
    isElement = false;
    if (!Utf8.isValid(text, 0, text.length)) {
      return text;
    }
    Object json;
    try {
      json = JsonReader.read(Utf8.decode(text, 0, text.length));
    } catch (JsonSyntaxException e) {
      // Not JSON after all: the text itself is the value.
      return text;
    }
    if (json instanceof List<?> list && index >= 0) {
      isElement = true;
      return index < list.size() ? JsonScalars.text(list.get(index), decimals) : null;
    }
    return JsonScalars.text(json, decimals);
  }
}
