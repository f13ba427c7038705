package dev.nametag.naming.json;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes plain Java values as JSON text: what {@link JsonReader} returns, and any {@link Number}.
 *
 * <p>Characters outside printable ASCII other than well-formed Unicode text are escaped, so that
 * the result is valid UTF-8 whatever the strings hold.
 */
public final class JsonWriter {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder();
  private final String indent;

  private JsonWriter(String indent) {
    this.indent = indent;
  }

  /** Returns the value as JSON on one line. */
  public static String write(Object value) {
    JsonWriter writer = new JsonWriter("");
    writer.value(value, 0);
    return writer.out.toString();
  }

  /** Returns the value as JSON over several lines, indented by two spaces a level. */
  public static String writeIndented(Object value) {
    JsonWriter writer = new JsonWriter("  ");
    writer.value(value, 0);
    return writer.out.toString();
  }

  private void value(Object value, int depth) {
    if (value == null || value instanceof Boolean || value instanceof Number) {
      out.append(value);
    } else if (value instanceof JsonNumber number) {
      out.append(number.text());
    } else if (value instanceof Map<?, ?> map) {
      object(map, depth);
    } else if (value instanceof List<?> list) {
      array(list, depth);
    } else if (value instanceof String text) {
      string(text);
    } else {
      throw new IllegalArgumentException("no JSON form for " + value.getClass().getName());
    }
  }

  private void object(Map<?, ?> map, int depth) {
    out.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      newLine(depth + 1);
      string((String) entry.getKey());
      out.append(indent.isEmpty() ? ":" : ": ");
      value(entry.getValue(), depth + 1);
      if (entries.hasNext()) {
        out.append(',');
      } else {
        newLine(depth);
      }
    }
    out.append('}');
  }

  private void array(List<?> list, int depth) {
    out.append('[');
    Iterator<?> items = list.iterator();
    while (items.hasNext()) {
      newLine(depth + 1);
      value(items.next(), depth + 1);
      if (items.hasNext()) {
        out.append(',');
      } else {
        newLine(depth);
      }
    }
    out.append(']');
  }

  private void newLine(int depth) {
    if (!indent.isEmpty()) {
      out.append('\n');
      for (int i = 0; i < depth; i++) {
        out.append(indent);
      }
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '\t') {
        out.append("\\t");
      } else if (c == '\r') {
        out.append("\\r");
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(HEX.charAt(c >> shift & 0xf));
        }
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
