package dev.nametag.naming;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The {@code lossless} profile: no byte is lost, no value can look like structure.
 *
 * <pre>
 * name   = metric , { "__" , label , "__" , value }
 * value  = { char } | "_none" | "_other" | { char } , "_h" , 32 hex
 * char   = [A-Za-z0-9] | "_" , hex , hex
 * </pre>
 *
 * A letter or digit stands for itself, every other byte, the underscore too, is an underscore and
 * two lower-case hex digits. So a value never contains {@code __} and cannot forge a label; and the
 * markers, whose first letter is no hex digit, cannot be forged by a value. A value of more than
 * {@code valueBytes} bytes is cut and ends in the first 128 bits of the whole value's SHA-256.
 *
 * <p>One letter is escaped: the r of a value that would otherwise be {@code rq_} and three digits,
 * as {@code rq@1} would be {@code rq_401}. Behind {@code __} at the end of a name, hosts would take
 * that for a response code.
 *
 * <p>Names consist of {@code [A-Za-z0-9_]}, so that the sanitisers of Envoy leave them as they are;
 * the suffixes {@code _bucket}, {@code _sum} and {@code _count} start with no escape and no marker,
 * so that they cannot be mistaken for the end of a value.
 */
public final class LosslessCodec implements NameCodec {
  /** How {@link LabelValue#ABSENT} is written. */
  public static final String ABSENT = "_none";

  /** How {@link LabelValue#OTHER} is written. */
  public static final String OTHER = "_other";

  /** What separates the part of a value that was cut from its hash. */
  public static final String CUT = "_h";

  /** How many hex digits of the hash are written. */
  public static final int HASH_DIGITS = 32;

  private static final String SEPARATOR = "__";
  private static final String HEX = "0123456789abcdef";

  /** The letter r where it must not stand for itself, see {@link #looksLikeResponseCode}. */
  private static final String ESCAPED_R = "_72";

  private final int valueBytes;

  /** Writes at most {@code valueBytes} bytes of a value as they are, the rest as a hash. */
  public LosslessCodec(int valueBytes) {
    this.valueBytes = valueBytes;
  }

  @Override
  public boolean writesAbsentValues() {
    return true;
  }

  @Override
  public String encode(Metric metric, List<LabelValue> values) {
    StringBuilder out = new StringBuilder(metric.name());
    for (int i = 0; i < values.size(); i++) {
      out.append(SEPARATOR).append(metric.labels().get(i).name()).append(SEPARATOR);
      encode(values.get(i), out);
    }
    return out.toString();
  }

  /** Returns a value as it stands in names. */
  public String encode(LabelValue value) {
    StringBuilder out = new StringBuilder();
    encode(value, out);
    return out.toString();
  }

  private void encode(LabelValue value, StringBuilder out) {
    if (value.isAbsent()) {
      out.append(ABSENT);
    } else if (value.isOther()) {
      out.append(OTHER);
    } else if (value.length() > valueBytes) {
      encode(value, 0, valueBytes, out);
      out.append(CUT);
      appendHash(value, out);
    } else if (looksLikeResponseCode(value)) {
      out.append(ESCAPED_R);
      encode(value, 1, value.length(), out);
    } else {
      encode(value, 0, value.length(), out);
    }
  }

  /**
   * Returns whether a value would be written {@code rq_} and three digits, as {@code rq@1} would.
   * At the end of a name, behind {@code __}, hosts would take that for a response code.
   */
  private static boolean looksLikeResponseCode(LabelValue value) {
    return value.length() == 4
        && value.byteAt(0) == 'r'
        && value.byteAt(1) == 'q'
        && !isPlain(value.byteAt(2))
        && value.byteAt(2) >> 4 <= 9
        && (value.byteAt(2) & 0xf) <= 9
        && value.byteAt(3) >= '0'
        && value.byteAt(3) <= '9';
  }

  private static void encode(LabelValue value, int from, int length, StringBuilder out) {
    for (int i = from; i < length; i++) {
      int b = value.byteAt(i);
      if (isPlain(b)) {
        out.append((char) b);
      } else {
        out.append('_').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 0xf));
      }
    }
  }

  static void appendHash(LabelValue value, StringBuilder out) {
    for (byte b : value.hash()) {
      out.append(HEX.charAt((b & 0xff) >> 4)).append(HEX.charAt(b & 0xf));
    }
  }

  static boolean isPlain(int b) {
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  /**
   * What a name says.
   *
   * @param metric the metric's name
   * @param labels in the order of the name
   */
  public record Decoded(String metric, List<DecodedLabel> labels) {
    /** Copies. */
    public Decoded {
      labels = List.copyOf(labels);
    }
  }

  /**
   * One label of a name.
   *
   * @param name the label's name
   * @param encoded the value as it stands in the name
   * @param value the value; of one that was cut, the bytes before the cut
   * @param hash {@link #HASH_DIGITS} hex digits if the value was cut, otherwise {@code null}
   */
  public record DecodedLabel(String name, String encoded, LabelValue value, String hash) {}

  /**
   * Returns what a name says, or {@code null} if this profile cannot have written it. There is at
   * most one reading of any name.
   */
  public static Decoded decode(String name) {
    int at = name.indexOf(SEPARATOR);
    String metric = at < 0 ? name : name.substring(0, at);
    if (!Names.isMetric(metric)) {
      return null;
    }
    List<DecodedLabel> labels = new ArrayList<>();
    while (at >= 0 && at < name.length()) {
      int labelStart = at + SEPARATOR.length();
      int labelEnd = name.indexOf(SEPARATOR, labelStart);
      if (labelEnd < 0) {
        return null;
      }
      String label = name.substring(labelStart, labelEnd);
      int valueStart = labelEnd + SEPARATOR.length();
      int valueEnd = endOfValue(name, valueStart);
      DecodedLabel decoded = decodeLabel(label, name.substring(valueStart, valueEnd));
      if (!Names.isLabel(label) || decoded == null) {
        return null;
      }
      labels.add(decoded);
      at = valueEnd;
    }
    return new Decoded(metric, labels);
  }

  /** A value goes on until two underscores in a row, which no value contains. */
  private static int endOfValue(String name, int start) {
    int end = name.indexOf(SEPARATOR, start);
    return end < 0 ? name.length() : end;
  }

  private static DecodedLabel decodeLabel(String label, String encoded) {
    if (encoded.equals(ABSENT)) {
      return new DecodedLabel(label, encoded, LabelValue.ABSENT, null);
    }
    if (encoded.equals(OTHER)) {
      return new DecodedLabel(label, encoded, LabelValue.OTHER, null);
    }
    String hash = null;
    String text = encoded;
    int cut = encoded.indexOf(CUT);
    if (cut >= 0) {
      hash = encoded.substring(cut + CUT.length());
      text = encoded.substring(0, cut);
      if (!isHash(hash)) {
        return null;
      }
    }
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '_') {
        int high = i + 2 < text.length() ? HEX.indexOf(text.charAt(i + 1)) : -1;
        int low = i + 2 < text.length() ? HEX.indexOf(text.charAt(i + 2)) : -1;
        boolean plain = isPlain(high << 4 | low) && !(i == 0 && text.startsWith(ESCAPED_R));
        if (high < 0 || low < 0 || plain) {
          return null;
        }
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else if (isPlain(c)) {
        bytes[length++] = (byte) c;
      } else {
        return null;
      }
    }
    LabelValue value = LabelValue.of(Arrays.copyOf(bytes, length));
    if (hash == null && looksLikeResponseCode(value) != text.startsWith(ESCAPED_R)) {
      return null;
    }
    return new DecodedLabel(label, encoded, value, hash);
  }

  private static boolean isHash(String text) {
    if (text.length() != HASH_DIGITS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (HEX.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
