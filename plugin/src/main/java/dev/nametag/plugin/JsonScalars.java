package dev.nametag.plugin;

import dev.nametag.abi.Utf8;
import dev.nametag.naming.json.JsonNumber;

/** The texts of JSON values. */
final class JsonScalars {
  private JsonScalars() {}

  /**
   * Returns a string without its quotes, a number as {@link Decimals} writes it, a truth value as
   * it is written. Null, a list, an object, and a string that is no Unicode text are no values,
   * {@code null}: as texts they could be taken for others.
   */
  static byte[] text(Object json, Decimals decimals) {
    if (json instanceof String text) {
      return hasHalfACharacter(text) ? null : Utf8.encode(text);
    }
    if (json instanceof JsonNumber number) {
      return decimals.normalized(Utf8.encode(number.text()));
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
