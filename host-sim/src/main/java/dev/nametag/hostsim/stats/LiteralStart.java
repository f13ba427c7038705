package dev.nametag.hostsim.stats;

/** Spares most searches for a regular expression. */
final class LiteralStart {

  private LiteralStart() {}

  /** A text, in Latin-1, that every match contains; possibly empty. */
  static String of(String regex) {
    String bytes = TagExtractor.utf8InLatin1(regex);
    StringBuilder literal = new StringBuilder();
    if (bytes.indexOf('|') >= 0) {
      return "";
    }
    int i = bytes.startsWith("^") ? 1 : 0;
    if (bytes.startsWith("(", i)
        && (bytes.contains(")?") || bytes.contains(")*") || bytes.contains("){"))) {
      return "";
    }
    while (i < bytes.length() && bytes.charAt(i) == '(' && !bytes.startsWith("(?", i)) {
      i++;
    }
    while (i < bytes.length()) {
      char c = bytes.charAt(i);
      int length = 1;
      if (c == '\\' && bytes.startsWith("\\.", i)) {
        c = '.';
        length = 2;
      } else if ("\\.[](){}*+?^$".indexOf(c) >= 0) {
        break;
      }
      if (i + length < bytes.length() && "*+?{".indexOf(bytes.charAt(i + length)) >= 0) {
        break;
      }
      literal.append(c);
      i += length;
    }
    return literal.toString();
  }
}
