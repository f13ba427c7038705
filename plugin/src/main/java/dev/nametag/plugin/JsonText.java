package dev.nametag.plugin;

import dev.nametag.abi.Utf8;
import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.naming.json.JsonNumber;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonSyntaxException;
import java.util.List;

/**
 * Takes a value out of JSON text: a string without its quotes, and if there is an index, the
 * element of an array. Strings without escapes and arrays of such ones, the usual case, are taken
 * where they lie; other text is read in Java, once per stream, and the source is then asked again.
 */
final class JsonText {
  /** {@code null} as an int. */
  private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;

  private final Stream stream;
  private final int index;
  private final int number;

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
    this.number = stream.jsonTexts.size();
    stream.jsonTexts.add(this);
  }

  /** Narrows the window to the value, as a {@link ValueSource} does. */
  @HeapFree
  int read(Window value) {
    if (readFor == stream.number) {
      value.address = block;
      value.size = size;
      return found;
    }
    if (unquote(value) || isItself(value)) {
      return index < 0 || Text.element(value, index) ? ValueSource.FOUND : ValueSource.NONE;
    }
    int read = index < 0 ? ValueSource.JSON : element(value);
    value.json = number;
    return read;
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
        return ValueSource.JSON;
      }
      at++;
      if (Memory.getByte(at) == ' ') {
        at++;
      }
      if (Memory.getByte(at) != '"') {
        return ValueSource.JSON;
      }
      at++;
      int start = at;
      while (at < end && isPlain(Memory.getByte(at))) {
        at++;
      }
      if (at + 1 >= end || Memory.getByte(at) != '"') {
        return ValueSource.JSON;
      }
      if (i == index) {
        elementAt = start;
        elementSize = at - start;
      }
      at++;
      next = Memory.getByte(at) == ']' ? ']' : ',';
    }
    if (at + 1 != end) {
      return ValueSource.JSON;
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
    for (int at = value.address + 1; at < last; at++) {
      int c = Memory.getByte(at);
      if (c == '"' || c == '\\' || c < ' ') {
        return false;
      }
    }
    value.address++;
    value.size -= 2;
    return true;
  }

  /** Reads the text in Java and keeps what comes of it for this stream. */
  void readInJava(Window value) {
    byte[] text = Blocks.toArray(value.address, value.size);
    byte[] result = valueOf(text);
    found = ValueSource.NONE;
    if (result != null) {
      if (result.length > blockSize) {
        // What was there before is given back with all else; doubling bounds it.
        blockSize = Math.max(result.length, blockSize * 2);
        block = stream.region.allocate(blockSize);
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
      return index < list.size() ? scalar(list.get(index)) : null;
    }
    return scalar(json);
  }

  /**
   * Returns a string without its quotes, a number or a truth value as it is written. Null, a list,
   * an object, and a string that is no Unicode text are no values: as texts they could be taken for
   * others.
   */
  private static byte[] scalar(Object json) {
    if (json instanceof String text) {
      return hasHalfACharacter(text) ? null : Utf8.encode(text);
    }
    if (json instanceof JsonNumber number) {
      return Utf8.encode(number.text());
    }
    return json instanceof Boolean truth ? Utf8.encode(truth ? "true" : "false") : null;
  }

  private static boolean hasHalfACharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0xd800 && c <= 0xdfff) {
        char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
        if (c >= 0xdc00 || next < 0xdc00 || next > 0xdfff) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
