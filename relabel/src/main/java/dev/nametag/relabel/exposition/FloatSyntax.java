package dev.nametag.relabel.exposition;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Which values Prometheus takes: what Go's strconv.ParseFloat reads, without hexadecimal numbers
 * and underscores, and not beyond the largest double. Works on bytes, once per sample.
 */
final class FloatSyntax {
  /** Shorter numbers without an exponent cannot exceed the largest double, 1.8e308. */
  private static final int SURELY_FINITE_LENGTH = 300;

  private FloatSyntax() {}

  static boolean isFloat(byte[] bytes, int from, int to) {
    int at = from;
    boolean signed = at < to && (bytes[at] == '+' || bytes[at] == '-');
    if (signed) {
      at++;
    }
    int digitsFrom = at;
    at = skipDigits(bytes, at, to);
    int digits = at - digitsFrom;
    if (at < to && bytes[at] == '.') {
      at++;
      int fractionFrom = at;
      at = skipDigits(bytes, at, to);
      digits += at - fractionFrom;
    }
    if (digits == 0) {
      return isWord(bytes, digitsFrom, to, signed);
    }
    boolean exponent = at < to && (bytes[at] == 'e' || bytes[at] == 'E');
    if (exponent) {
      at++;
      if (at < to && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      int exponentFrom = at;
      at = skipDigits(bytes, at, to);
      if (at == exponentFrom) {
        return false;
      }
    }
    if (at < to) {
      return false;
    }
    return (!exponent && to - from < SURELY_FINITE_LENGTH)
        || !Double.isInfinite(
            Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)));
  }

  private static int skipDigits(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at;
  }

  private static boolean isWord(byte[] bytes, int from, int to, boolean signed) {
    if (to - from != 3 && to - from != 8) {
      return false;
    }
    String word =
        new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    return word.equals("inf") || word.equals("infinity") || (word.equals("nan") && !signed);
  }
}
