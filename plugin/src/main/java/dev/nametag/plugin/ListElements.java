package dev.nametag.plugin;

import dev.nametag.abi.Utf8;
import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.Memory;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes a list apart, whatever form it comes in. Elements that have no text (null, lists, objects)
 * and empty ones are left out.
 *
 * <p>Elements of real lists are taken as they are, commas and all. A text is a list with commas; a
 * text that is a JSON array, or JSON strings with commas between them, is what that says.
 */
final class ListElements {
  private final StructReader protobuf;
  private final Decimals decimals;

  ListElements(Stream stream) {
    this.protobuf = new StructReader(stream.region, false, List.of());
    this.decimals = stream.decimals();
  }

  /** Returns the elements in the order of the list; the value's form says how it is written. */
  List<byte[]> of(Window value) {
    List<byte[]> elements = new ArrayList<>();
    if (value.form == ListForm.PROTOBUF) {
      return ofProtobuf(value);
    }
    if (value.form == ListForm.PAIRS) {
      pairs(value, elements);
      return elements;
    }
    byte[] text = Blocks.toArray(value.address, value.size);
    Object json = value.form == ListForm.JSON ? json(text, "", "") : null;
    if (json instanceof List<?> list) {
      scalars(list, elements);
    } else if (json instanceof String string) {
      byte[] content = JsonScalars.text(string, decimals);
      text(content == null ? new byte[0] : content, true, elements);
    } else if (json != null) {
      add(JsonScalars.text(json, decimals), elements);
    } else if (value.form != ListForm.JSON || !isNull(text)) {
      text(text, true, elements);
    }
    return elements;
  }

  private List<byte[]> ofProtobuf(Window list) {
    List<byte[]> elements = new ArrayList<>();
    Wire items = new Wire();
    items.open(list.address, list.size);
    Window element = new Window();
    while (items.next()) {
      if (items.tag == StructReader.ITEM) {
        element.address = items.address;
        element.size = items.size;
        int kind = protobuf.value(element);
        if (StructReader.toText(kind, element, decimals)) {
          add(Blocks.toArray(element.address, element.size), elements);
        }
      }
    }
    return items.malformed ? List.of() : elements;
  }

  private static void pairs(Window list, List<byte[]> elements) {
    int count = Memory.getInt(list.address);
    int at = list.address + 4 + count * 8;
    for (int i = 0; i < count; i++) {
      int size = Memory.getInt(list.address + 4 + i * 8);
      add(Blocks.toArray(at, size), elements);
      at += size + 1 + Memory.getInt(list.address + 8 + i * 8) + 1;
    }
  }

  private void text(byte[] text, boolean mayBeQuoted, List<byte[]> elements) {
    int first = 0;
    while (first < text.length && isSpace(text[first])) {
      first++;
    }
    int start = first < text.length ? text[first] : 0;
    Object json = null;
    if (start == '[') {
      json = json(text, "", "");
    } else if (start == '"' && mayBeQuoted) {
      json = json(text, "[", "]");
    }
    if (!(json instanceof List<?> list)) {
      commas(text, elements);
    } else if (start == '"' && list.size() == 1 && list.get(0) instanceof String string) {
      byte[] content = JsonScalars.text(string, decimals);
      text(content == null ? new byte[0] : content, false, elements);
    } else {
      scalars(list, elements);
    }
  }

  private void scalars(List<?> list, List<byte[]> elements) {
    for (Object each : list) {
      add(JsonScalars.text(each, decimals), elements);
    }
  }

  private static void commas(byte[] text, List<byte[]> elements) {
    int start = 0;
    for (int at = 0; at <= text.length; at++) {
      if (at == text.length || text[at] == ',') {
        int from = start;
        int to = at;
        while (from < to && isSpace(text[from])) {
          from++;
        }
        while (from < to && isSpace(text[to - 1])) {
          to--;
        }
        add(Arrays.copyOfRange(text, from, to), elements);
        start = at + 1;
      }
    }
  }

  private static void add(byte[] element, List<byte[]> elements) {
    if (element != null && element.length > 0) {
      elements.add(element);
    }
  }

  /** Returns what the text says as JSON between two others, {@code null} if it is none. */
  private static Object json(byte[] text, String before, String behind) {
    if (!Utf8.isValid(text, 0, text.length)) {
      return null;
    }
    try {
      return JsonReader.read(before + Utf8.decode(text, 0, text.length) + behind);
    } catch (JsonSyntaxException e) {
      return null;
    }
  }

  private static boolean isNull(byte[] text) {
    return Arrays.equals(text, new byte[] {'n', 'u', 'l', 'l'});
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
