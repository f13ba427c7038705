package dev.nametag.naming.json;

/**
 * A JSON number, kept as the text that was read so that no digit is lost.
 *
 * @param text a number as RFC 8259, section 6 writes it
 */
public record JsonNumber(String text) {

  /**
   * Returns the value if it is a whole number that fits a {@code long}, in any JSON spelling of it
   * without an exponent ({@code 10}, {@code 10.0}); otherwise {@code null}.
   */
  public Long asLong() {
    int end = text.indexOf('.');
    if (end >= 0) {
      for (int i = end + 1; i < text.length(); i++) {
        if (text.charAt(i) != '0') {
          return null;
        }
      }
    } else {
      end = text.length();
    }
    boolean negative = text.charAt(0) == '-';
    int start = negative ? 1 : 0;
    // Eighteen digits always fit; more than that is no number that a configuration needs.
    if (end - start > 18) {
      return null;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return null;
      }
      value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
  }

  @Override
  public String toString() {
    return text;
  }
}
