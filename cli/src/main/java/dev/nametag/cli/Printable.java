package dev.nametag.cli;

/** Shows control characters of the input instead of sending them to the terminal. */
final class Printable {
  private Printable() {}

  /** Returns a text whose control characters are written as escapes; line feeds are kept. */
  static String text(String text) {
    return escaped(text, "\n");
  }

  /** Returns a text of one line: line feeds are written as escapes, too. */
  static String line(String text) {
    return escaped(text, "");
  }

  private static String escaped(String text, String kept) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && kept.indexOf(c) < 0) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
