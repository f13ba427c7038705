package dev.nametag.relabel.exposition;

import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Takes one line apart. Runs once per line and works on bytes; besides the result it allocates
 * nothing for a plain ASCII line.
 */
final class LineParser {
  private static final int NAME_CACHE = 256;

  /** Label names repeat on every line: one text for each serves them all. */
  private final String[] nameCache = new String[NAME_CACHE];

  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final Labels.Builder labels = Labels.builder();

  /** The line is {@code [at, end)} of these bytes. */
  private byte[] bytes;

  private int at;
  private int end;

  /** Unescaped text; grows to the longest escaped value. */
  private byte[] scratch = new byte[256];

  ExpositionLine parse(byte[] line, int from, int to) {
    bytes = line;
    at = from;
    end = to;
    skipSpace();
    if (at == end) {
      return new BlankLine();
    }
    return bytes[at] == '#' ? comment() : sample();
  }

  private ExpositionLine comment() {
    int start = ++at;
    skipSpace();
    if (at > start && takeWord("TYPE")) {
      return type();
    }
    if (at > start && takeWord("HELP")) {
      return help();
    }
    return new CommentLine(new String(bytes, start, end - start, StandardCharsets.UTF_8));
  }

  /** Moves past a word and the space behind it, if they stand here. */
  private boolean takeWord(String word) {
    int after = at + word.length();
    if (after >= end || !isSpace(bytes[after])) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (bytes[at + i] != word.charAt(i)) {
        return false;
      }
    }
    at = after;
    skipSpace();
    return true;
  }

  private TypeLine type() {
    String family = familyName("TYPE");
    skipSpace();
    int last = end;
    while (last > at && isSpace(bytes[last - 1])) {
      last--;
    }
    String type = new String(bytes, at, last - at, StandardCharsets.UTF_8);
    return new TypeLine(
        family,
        MetricType.of(type)
            .orElseThrow(
                () -> new RefusedException("invalid metric type \"" + shown(type) + "\"")));
  }

  private HelpLine help() {
    String family = familyName("HELP");
    // One space separates; further ones belong to the text.
    int start = Math.min(at + 1, end);
    return new HelpLine(family, unescape(start, end, false, "help text"));
  }

  private String familyName(String word) {
    if (at == end) {
      throw new RefusedException("expected a metric name after " + word);
    }
    String family = bytes[at] == '"' ? quoted("metric name") : metricName();
    if (family.isEmpty() || (at < end && !isSpace(bytes[at]))) {
      throw new RefusedException("expected a metric name after " + word);
    }
    return family;
  }

  private Sample sample() {
    labels.clear();
    String name = bytes[at] == '{' ? "" : metricName();
    skipSpace();
    if (at < end && bytes[at] == '{') {
      at++;
      name = labels(name);
      skipSpace();
    }
    if (name.isEmpty()) {
      throw new RefusedException("expected a metric name");
    }
    labels.add(LabelNames.METRIC_NAME, name);
    String value = value();
    OptionalLong timestamp = timestamp();
    try {
      return new Sample(labels.build(), value, timestamp);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  private String metricName() {
    int start = at;
    while (at < end && isNameByte(bytes[at], at > start, true)) {
      at++;
    }
    if (at == start || (at < end && !isSpace(bytes[at]) && bytes[at] != '{')) {
      throw new RefusedException("invalid metric name at " + found());
    }
    return new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
  }

  /** Reads up to and with the closing brace; returns the metric name, which may stand inside. */
  private String labels(String nameBefore) {
    String name = nameBefore;
    while (true) {
      skipSpace();
      if (at < end && bytes[at] == '}') {
        at++;
        return name;
      }
      boolean quoted = at < end && bytes[at] == '"';
      String label = quoted ? quoted("label name") : labelName();
      skipSpace();
      if (quoted && at < end && (bytes[at] == ',' || bytes[at] == '}')) {
        if (!name.isEmpty()) {
          throw new RefusedException("a second metric name, \"" + shown(label) + "\"");
        }
        name = label;
      } else {
        expect('=', "after the label name");
        skipSpace();
        labels.add(label, quoted("label value"));
        skipSpace();
      }
      if (at < end && bytes[at] == ',') {
        at++;
      } else if (at >= end || bytes[at] != '}') {
        throw new RefusedException("expected a comma or a closing brace, found " + found());
      }
    }
  }

  private String labelName() {
    int start = at;
    int hash = 0;
    while (at < end && isNameByte(bytes[at], at > start, false)) {
      hash = 31 * hash + bytes[at++];
    }
    if (at == start) {
      throw new RefusedException("expected a label name, found " + found());
    }
    int slot = (hash ^ (hash >>> 8)) & (NAME_CACHE - 1);
    String cached = nameCache[slot];
    if (cached == null || !isText(cached, start, at)) {
      cached = new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
      nameCache[slot] = cached;
    }
    return cached;
  }

  private boolean isText(String text, int from, int to) {
    if (text.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i - from) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Reads a text in double quotes. */
  private String quoted(String what) {
    expect('"', "before the " + what);
    int start = at;
    while (at < end && bytes[at] != '"') {
      at += bytes[at] == '\\' ? 2 : 1;
    }
    if (at >= end) {
      throw new RefusedException("the line ends inside a " + what);
    }
    String text = unescape(start, at, true, what);
    at++;
    return text;
  }

  /** A backslash before anything else than what it escapes stands for itself, as in Prometheus. */
  private String unescape(int from, int to, boolean quoteEscaped, String what) {
    boolean escaped = false;
    int seen = 0;
    for (int i = from; i < to; i++) {
      escaped |= bytes[i] == '\\';
      seen |= bytes[i];
    }
    if (!escaped) {
      return decode(bytes, from, to, seen < 0, what);
    }
    if (scratch.length < to - from) {
      scratch = new byte[Math.max(to - from, scratch.length * 2)];
    }
    int length = 0;
    for (int i = from; i < to; i++) {
      byte next = i + 1 < to ? bytes[i + 1] : 0;
      if (bytes[i] == '\\' && (next == '\\' || next == 'n' || (next == '"' && quoteEscaped))) {
        scratch[length++] = next == 'n' ? (byte) '\n' : next;
        i++;
      } else {
        scratch[length++] = bytes[i];
      }
    }
    return decode(scratch, 0, length, seen < 0, what);
  }

  private String decode(byte[] text, int from, int to, boolean beyondAscii, String what) {
    if (!beyondAscii) {
      return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }
    try {
      return utf8.decode(ByteBuffer.wrap(text, from, to - from)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException("invalid UTF-8 in a " + what);
    }
  }

  private String value() {
    int start = at;
    moveToSpace();
    if (at == start) {
      throw new RefusedException("expected a value, found " + found());
    }
    if (!FloatSyntax.isFloat(bytes, start, at)) {
      String text = new String(bytes, start, at - start, StandardCharsets.UTF_8);
      throw new RefusedException("\"" + shown(text) + "\" is no value");
    }
    return new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
  }

  private OptionalLong timestamp() {
    skipSpace();
    if (at == end) {
      return OptionalLong.empty();
    }
    int start = at;
    moveToSpace();
    String text = new String(bytes, start, at - start, StandardCharsets.UTF_8);
    skipSpace();
    if (at < end) {
      throw new RefusedException("expected the end of the line, found " + found());
    }
    try {
      if (!text.startsWith("+")) {
        return OptionalLong.of(Long.parseLong(text));
      }
    } catch (NumberFormatException e) {
      // Refused below, in words that name the field.
    }
    throw new RefusedException("\"" + shown(text) + "\" is no timestamp in milliseconds");
  }

  private void expect(char c, String where) {
    if (at >= end || bytes[at] != c) {
      throw new RefusedException("expected " + c + " " + where + ", found " + found());
    }
    at++;
  }

  private void skipSpace() {
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
  }

  private void moveToSpace() {
    while (at < end && !isSpace(bytes[at])) {
      at++;
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  private static boolean isNameByte(byte b, boolean digitAllowed, boolean colonAllowed) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || b == '_'
        || (b >= '0' && b <= '9' && digitAllowed)
        || (b == ':' && colonAllowed);
  }

  /** Returns what stands here, for messages. */
  private String found() {
    if (at >= end) {
      return "the end of the line";
    }
    String rest = new String(bytes, at, Math.min(end - at, 40), StandardCharsets.UTF_8);
    return "\"" + shown(rest) + "\"";
  }

  /** Returns a text fit for a message: short, and without control characters. */
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(40)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
    return shown.toString();
  }

  /** The line is refused; the message is the reason. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String reason) {
      super(reason);
    }
  }
}
