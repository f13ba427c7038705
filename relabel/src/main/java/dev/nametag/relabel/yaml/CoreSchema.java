package dev.nametag.relabel.yaml;

import java.math.BigInteger;
import java.util.regex.Pattern;

/** What a plain scalar means. Source: YAML 1.2.2, section 10.3, Core Schema. */
final class CoreSchema {
  private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");

  /** Longer numbers take quadratic time to read and mean nothing. */
  static final int MAX_DIGITS = 400;

  private CoreSchema() {}

  /** Returns the value of a plain scalar: null, Boolean, Long, BigInteger, Double or the text. */
  static Object resolve(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> null;
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> Double.POSITIVE_INFINITY;
      case "-.inf", "-.Inf", "-.INF" -> Double.NEGATIVE_INFINITY;
      case ".nan", ".NaN", ".NAN" -> Double.NaN;
      default -> looksLikeNumber(text) ? number(text) : text;
    };
  }

  private static boolean looksLikeNumber(String text) {
    char c = text.charAt(0);
    return text.length() <= MAX_DIGITS
        && ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.');
  }

  private static Object number(String text) {
    if (DECIMAL.matcher(text).matches()) {
      return integer(text, 10);
    }
    if (OCTAL.matcher(text).matches()) {
      return integer(text.substring(2), 8);
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      return integer(text.substring(2), 16);
    }
    if (FLOAT.matcher(text).matches()) {
      return Double.valueOf(text);
    }
    return text;
  }

  private static Object integer(String digits, int radix) {
    BigInteger number = new BigInteger(digits, radix);
    if (number.bitLength() < Long.SIZE) {
      return number.longValueExact();
    }
    return number;
  }
}
