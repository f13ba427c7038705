package dev.nametag.relabel.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes plain values as YAML in block style.
 *
 * <p>Takes Map with text keys, List, String, Boolean, numbers, null, and {@link Commented} around
 * any of them. Keys keep the order of the map. A text is written without quotes only if every YAML
 * 1.1 and 1.2 reader takes it for that text; else in single quotes, in which a regex stays
 * readable; in double quotes if it has control characters; as a literal block if it has several
 * lines. No line is folded.
 */
public final class YamlWriter {
  /** Letters first, so that nothing looks like a number, a date or an indicator. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*");

  /** Words that some YAML reader takes for null, a truth value or a number. */
  private static final Set<String> NOT_TEXT =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity");

  /**
   * The longest key, quotes and escapes counted, that is written without {@code ?}; YAML says 1024.
   */
  private static final int MAX_SIMPLE_KEY = 1000;

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  /**
   * A value with a comment that is written on lines of its own before the list item or the key.
   *
   * @param comment the text without {@code #}; each line becomes one comment line
   * @param value any value that can be written
   */
  public record Commented(String comment, Object value) {}

  /**
   * Returns the document, ending in a line feed.
   *
   * @throws IllegalArgumentException if a value is of a type that cannot be written, or a text is
   *     no Unicode
   */
  public static String write(Object value) {
    YamlWriter writer = new YamlWriter();
    writer.document(value);
    return writer.out.toString();
  }

  /** Returns several documents, each beginning with {@code ---}. */
  public static String writeAll(List<?> documents) {
    YamlWriter writer = new YamlWriter();
    for (Object document : documents) {
      writer.out.append("---\n");
      writer.document(document);
    }
    return writer.out.toString();
  }

  private void document(Object commented) {
    Object value = comment(commented, 0);
    if (isBlock(value)) {
      block(value, 0, true);
    } else {
      scalar(value, 2);
      out.append('\n');
    }
  }

  /** Writes a filled map or list; the first line is indented only if asked. */
  private void block(Object value, int indent, boolean indentFirst) {
    boolean indentNow = indentFirst;
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!(entry.getKey() instanceof String key)) {
          throw new IllegalArgumentException("a key must be a text: " + entry.getKey());
        }
        indentNow = startEntry(entry.getValue(), indent, indentNow);
        key(key, indent);
        entryValue(uncommented(entry.getValue()), indent, false);
      }
    } else {
      for (Object item : (List<?>) value) {
        indentNow = startEntry(item, indent, indentNow);
        out.append('-');
        entryValue(uncommented(item), indent, true);
      }
    }
  }

  /**
   * Writes comment and indentation. The first entry of a block that begins in the middle of a line
   * (after a dash) has no room for a comment, so the block moves to the next line.
   */
  private boolean startEntry(Object value, int indent, boolean indentNow) {
    if (!indentNow && value instanceof Commented) {
      out.setLength(out.length() - 1);
      out.append('\n');
    }
    comment(value, indent);
    if (indentNow || value instanceof Commented) {
      out.append(" ".repeat(indent));
    }
    return true;
  }

  private void key(String key, int indent) {
    int start = out.length();
    text(key);
    if (out.length() - start > MAX_SIMPLE_KEY) {
      out.insert(start, "? ").append('\n').append(" ".repeat(indent));
    }
    out.append(':');
  }

  private void entryValue(Object value, int indent, boolean afterDash) {
    if (!isBlock(value)) {
      out.append(' ');
      scalar(value, indent + 2);
      out.append('\n');
    } else if (afterDash) {
      out.append(' ');
      block(value, indent + 2, false);
    } else {
      out.append('\n');
      block(value, indent + 2, true);
    }
  }

  private Object comment(Object value, int indent) {
    Object inner = value;
    while (inner instanceof Commented commented) {
      commented
          .comment()
          .lines()
          .forEach(
              line ->
                  out.append(" ".repeat(indent))
                      .append(line.isEmpty() ? "#" : "# ")
                      .append(printable(line))
                      .append('\n'));
      inner = commented.value();
    }
    return inner;
  }

  /** A comment cannot escape anything; what YAML does not allow in it becomes a space. */
  private static String printable(String line) {
    StringBuilder text = new StringBuilder();
    line.codePoints().forEach(c -> text.appendCodePoint(isPrintable(c) ? c : ' '));
    return text.toString();
  }

  private static Object uncommented(Object value) {
    Object inner = value;
    while (inner instanceof Commented commented) {
      inner = commented.value();
    }
    return inner;
  }

  private static boolean isBlock(Object value) {
    return (value instanceof Map<?, ?> map && !map.isEmpty())
        || (value instanceof List<?> list && !list.isEmpty());
  }

  private void scalar(Object value, int indent) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof Map) {
      out.append("{}");
    } else if (value instanceof List) {
      out.append("[]");
    } else if (value instanceof String text) {
      if (isLiteralBlock(text)) {
        literalBlock(text, indent);
      } else {
        text(text);
      }
    } else if (value instanceof Double || value instanceof Float) {
      out.append(decimal(((Number) value).doubleValue()));
    } else if (value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger) {
      out.append(value);
    } else if (value instanceof BigDecimal number) {
      out.append(number.toPlainString());
    } else {
      throw new IllegalArgumentException(
          "cannot be written as YAML: " + value.getClass().getName());
    }
  }

  /** YAML 1.1 takes an exponent only with a dot before and a sign in it: {@code 1.0E+10}. */
  private static String decimal(double number) {
    if (Double.isNaN(number)) {
      return ".nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? ".inf" : "-.inf";
    }
    return Double.toString(number).replaceFirst("E(?=[0-9])", "E+");
  }

  private void text(String text) {
    if (PLAIN.matcher(text).matches() && !NOT_TEXT.contains(text.toLowerCase(Locale.ROOT))) {
      out.append(text);
    } else if (text.codePoints().allMatch(YamlWriter::isPrintable)) {
      out.append('\'').append(text.replace("'", "''")).append('\'');
    } else {
      out.append(doubleQuoted(text));
    }
  }

  private static String doubleQuoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c == '\n') {
                quoted.append("\\n");
              } else if (c == '\t') {
                quoted.append("\\t");
              } else if (isPrintable(c)) {
                quoted.appendCodePoint(c);
              } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("a text with half a surrogate pair");
              } else if (c < 0x100) {
                quoted.append(String.format("\\x%02x", c));
              } else if (c < 0x10000) {
                quoted.append(String.format("\\u%04x", c));
              } else {
                quoted.append(String.format("\\U%08x", c));
              }
            });
    return quoted.append('"').toString();
  }

  /**
   * Returns whether the character may stand unescaped on one line in every YAML version: no control
   * character, no line break of YAML 1.1, no byte order mark.
   */
  private static boolean isPrintable(int c) {
    return (c >= 0x20 && c < 0x7F)
        || (c >= 0xA0 && c < Character.MIN_SURROGATE && c != 0x2028 && c != 0x2029)
        || (c > Character.MAX_SURROGATE && c < 0xFFFE && c != 0xFEFF)
        || c >= 0x10000;
  }

  /** Several lines of visible text; anything more special is safer in double quotes. */
  private static boolean isLiteralBlock(String text) {
    return text.indexOf('\n') >= 0
        && !text.isBlank()
        && text.charAt(0) != '\n'
        && text.charAt(0) != ' '
        && !text.contains(" \n")
        && !text.endsWith(" ")
        && text.codePoints().allMatch(c -> c == '\n' || isPrintable(c));
  }

  private void literalBlock(String text, int indent) {
    boolean ends = text.endsWith("\n");
    out.append(!ends ? "|-" : text.endsWith("\n\n") ? "|+" : "|");
    String body = ends ? text.substring(0, text.length() - 1) : text;
    for (String line : body.split("\n", -1)) {
      out.append('\n');
      if (!line.isEmpty()) {
        out.append(" ".repeat(indent)).append(line);
      }
    }
  }
}
