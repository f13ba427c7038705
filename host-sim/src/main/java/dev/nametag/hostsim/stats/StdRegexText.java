package dev.nametag.hostsim.stats;

import java.util.Locale;

/** The characters of a {@code std::regex}, one after the other. */
final class StdRegexText {

  private static final int MAX_NUMBER_DIGITS = 9;

  private final String regex;
  private int at;

  StdRegexText(String regex) {
    this.regex = regex;
  }

  boolean ended() {
    return at == regex.length();
  }

  char peek() {
    return regex.charAt(at);
  }

  char next() {
    return regex.charAt(at++);
  }

  boolean startsWith(String wanted) {
    return regex.startsWith(wanted, at);
  }

  /** Goes on behind that text if it comes next. */
  boolean take(String wanted) {
    boolean there = startsWith(wanted);
    at += there ? wanted.length() : 0;
    return there;
  }

  void refuseQuantifier() {
    if (!ended() && "*+?{".indexOf(peek()) >= 0) {
      throw refused("nothing to repeat at " + peek());
    }
  }

  int number() {
    int start = at;
    while (!ended() && peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == start || at - start > MAX_NUMBER_DIGITS) {
      throw refused("a number is missing or too large");
    }
    return Integer.parseInt(regex.substring(start, at));
  }

  /** The one character behind a backslash, inside brackets and outside. */
  char escapedCharacter() {
    char c = next();
    return switch (c) {
      case '0' -> '\0';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> '\013';
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'c' -> control();
      default -> {
        if (isLetter(c) || c == '_') {
          throw refused("\\" + c);
        }
        yield c;
      }
    };
  }

  private char control() {
    if (ended() || !isLetter(peek())) {
      throw refused("\\c without a letter");
    }
    return (char) (next() % 32);
  }

  /** A byte; of what is more, libc++ keeps the last one. */
  private char hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = ended() ? -1 : Character.digit(next(), 16);
      if (digit < 0) {
        throw refused("digits are missing behind \\x or \\u");
      }
      value = value << 4 | digit;
    }
    return (char) (value & 0xff);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** The character as java.util.regex reads it as nothing but itself. */
  static String literal(char c) {
    boolean plain = isLetter(c) || (c >= '0' && c <= '9') || c > '\177';
    return plain ? Character.toString(c) : String.format(Locale.ROOT, "\\x%02x", (int) c);
  }

  RefusedException refused(String what) {
    return new RefusedException(what);
  }

  /** What std::regex would not take. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String what) {
      super(what, null, false, false);
    }
  }
}
