package dev.nametag.hostsim.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;

/**
 * What can be asked about strings. Source: cel-cpp runtime/standard/string_functions.cc and
 * regex_functions.cc; a regular expression need not match the whole.
 */
final class Strings {

  /** Ours: what a longer pattern is compiled to may be very large. */
  private static final int LONGEST_PATTERN = 4096;

  /** Ours: a step of a match takes about as long as reading so many bytes. */
  private static final int BYTES_PER_STEP = 8;

  private final Work work;

  Strings(Work work) {
    this.work = work;
  }

  /** The number of bytes of a string or of bytes; 0 for anything else. */
  static int length(PropertyValue value) {
    if (value instanceof PropertyValue.Text text) {
      return text.bytes().size();
    }
    return value instanceof PropertyValue.Bytes bytes ? bytes.bytes().size() : 0;
  }

  /** The number of characters: of bytes that do not continue one. */
  static long characters(ByteString text) {
    long characters = 0;
    for (int i = 0; i < text.size(); i++) {
      if ((text.byteAt(i) & 0xc0) != 0x80) {
        characters++;
      }
    }
    return characters;
  }

  boolean test(String function, PropertyValue value, PropertyValue wanted) {
    if (!(value instanceof PropertyValue.Text text)
        || !(wanted instanceof PropertyValue.Text part)) {
      throw EvaluationException.noOverload(function);
    }
    ByteString whole = text.bytes();
    ByteString piece = part.bytes();
    work.bytes((long) whole.size() + piece.size());
    return switch (function) {
      case "startsWith" -> isAt(whole, piece, 0);
      case "endsWith" -> isAt(whole, piece, whole.size() - piece.size());
      case "contains" -> contains(whole, piece);
      default -> matches(whole, piece);
    };
  }

  private static boolean isAt(ByteString whole, ByteString piece, int start) {
    return start >= 0
        && start + piece.size() <= whole.size()
        && whole.slice(start, start + piece.size()).equals(piece);
  }

  /** Knuth, Morris and Pratt's search, so that no text takes long. */
  private static boolean contains(ByteString whole, ByteString piece) {
    if (piece.isEmpty()) {
      return true;
    }
    int[] shorter = new int[piece.size()];
    for (int i = 1, matched = 0; i < piece.size(); i++) {
      matched = longer(piece, shorter, matched, piece.byteAt(i));
      shorter[i] = matched;
    }
    int matched = 0;
    for (int i = 0; i < whole.size(); i++) {
      matched = longer(piece, shorter, matched, whole.byteAt(i));
      if (matched == piece.size()) {
        return true;
      }
    }
    return false;
  }

  /** How much of the piece has matched when one more byte has come. */
  private static int longer(ByteString piece, int[] shorter, int matched, byte next) {
    int now = matched;
    while (now > 0 && piece.byteAt(now) != next) {
      now = shorter[now - 1];
    }
    return piece.byteAt(now) == next ? now + 1 : now;
  }

  private boolean matches(ByteString whole, ByteString pattern) {
    if (pattern.size() > LONGEST_PATTERN) {
      throw new AbortedException("a pattern of " + pattern.size() + " bytes");
    }
    Pattern compiled = compile(pattern.toString());
    work.bytes((whole.size() + 1L) * compiled.programSize() * BYTES_PER_STEP);
    return compiled.matcher(whole.toByteArray()).find();
  }

  private static Pattern compile(String pattern) {
    if (!PatternBounds.admit(pattern)) {
      throw new EvaluationException("Invalid regex: too many repetitions");
    }
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new EvaluationException("Invalid regex: " + e.getMessage());
    }
  }
}
