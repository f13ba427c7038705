package dev.nametag.plugin;

import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.Region;

/**
 * Writes numbers and truth values as text. Every number has one text, whatever form it came in: the
 * shortest decimal one, as ECMA-262 says for Number::toString (3, not 3.0; 0.1; 1e+21).
 *
 * <p>The text lies here until the next one is written, so that every reader has one of these; what
 * they write digits with they share.
 */
final class Decimals {
  private static final int MAX_DIGITS = 40;

  // As in ECMA-262: beyond these there is an exponent.
  private static final int MAX_WHOLE = 21;
  private static final int MIN_POINT = -6;
  private static final int MAX_EXPONENT = 9999;
  private static final int TEXT_BYTES = 96;

  private final ShortestDigits shortest;
  private final int digits;
  private final int text;
  private final Bytes yes;
  private final Bytes no;

  // The number that is being read or written: negative or not, 0.d1d2… times 10 to point.
  private int count;
  private int point;
  private boolean negative;
  private int at;

  Decimals(Region region, ShortestDigits shortest) {
    this.shortest = shortest;
    digits = region.allocate(MAX_DIGITS);
    text = region.allocate(TEXT_BYTES);
    yes = Bytes.of(region, "true");
    no = Bytes.of(region, "false");
  }

  @HeapFree
  void truth(boolean value, Window to) {
    to.address = value ? yes.address : no.address;
    to.size = value ? yes.size : no.size;
  }

  /** Returns whether the value is {@code true} or {@code false}. */
  @HeapFree
  boolean isTruth(Window value) {
    return yes.is(value) || no.is(value);
  }

  @HeapFree
  void ofLong(long value, Window to) {
    negative = value < 0;
    // Negative, since the smallest number has no positive counterpart.
    long rest = negative ? value : -value;
    int end = text + TEXT_BYTES;
    at = end;
    do {
      at--;
      Memory.putByte(at, '0' - (int) (rest % 10));
      rest /= 10;
    } while (rest != 0);
    if (negative) {
      at--;
      Memory.putByte(at, '-');
    }
    to.address = at;
    to.size = end - at;
  }

  /** Writes a double, given by its bits; returns whether it is a number. */
  @HeapFree
  boolean ofDouble(long bits, Window to) {
    int biased = (int) (bits >>> 52) & 0x7ff;
    if (biased == 0x7ff) {
      return false;
    }
    int shift = 1075 - biased;
    long mantissa = (bits & ((1L << 52) - 1)) | (1L << 52);
    if (shift >= 0 && shift <= 52 && (mantissa & ((1L << shift) - 1)) == 0) {
      ofLong(bits < 0 ? -(mantissa >>> shift) : mantissa >>> shift, to);
      return true;
    }
    if (bits << 1 == 0) {
      ofLong(0, to);
      return true;
    }
    negative = bits < 0;
    shortest.write(bits & Long.MAX_VALUE, digits);
    count = shortest.count;
    point = shortest.point;
    write(to);
    return true;
  }

  /**
   * Rewrites a number that stands there as JSON allows; returns whether it is one. Numbers of more
   * than {@value #MAX_DIGITS} digits stay as they are.
   */
  @HeapFree
  boolean normalize(Window value) {
    int from = value.address;
    int end = from + value.size;
    negative = from < end && Memory.getByte(from) == '-';
    from += negative ? 1 : 0;
    int whole = skipDigits(from, end);
    if (whole == from || (whole > from + 1 && Memory.getByte(from) == '0')) {
      return false;
    }
    int fraction = whole;
    if (whole < end && Memory.getByte(whole) == '.') {
      fraction = skipDigits(whole + 1, end);
      if (fraction == whole + 1) {
        return false;
      }
    }
    int exponent = 0;
    int last = fraction;
    if (last < end && (Memory.getByte(last) | 0x20) == 'e') {
      last++;
      boolean minus = last < end && Memory.getByte(last) == '-';
      boolean plus = last < end && Memory.getByte(last) == '+';
      last += minus || plus ? 1 : 0;
      int start = last;
      last = skipDigits(start, end);
      if (last == start) {
        return false;
      }
      exponent = number(start, last);
      exponent = minus ? -exponent : exponent;
    }
    if (last != end) {
      return false;
    }
    count = 0;
    point = 0;
    boolean fits = collect(from, whole, true);
    if (fits && fraction > whole) {
      fits = collect(whole + 1, fraction, false);
    }
    if (!fits || exponent > MAX_EXPONENT || exponent < -MAX_EXPONENT) {
      return true;
    }
    point += exponent;
    while (count > 0 && Memory.getByte(digits + count - 1) == 0) {
      count--;
    }
    if (count == 0) {
      ofLong(0, value);
    } else {
      write(value);
    }
    return true;
  }

  /** Returns what {@link #normalize} makes of a number. */
  byte[] normalized(byte[] number) {
    if (number.length > TEXT_BYTES) {
      return number;
    }
    Memory.copyIn(number, 0, number.length, text);
    Window value = new Window();
    value.address = text;
    value.size = number.length;
    normalize(value);
    return Blocks.toArray(value.address, value.size);
  }

  /** Returns whether the number is whole, of one that {@link #normalize} has rewritten. */
  @HeapFree
  static boolean isWhole(Window value) {
    for (int i = 0; i < value.size; i++) {
      int c = Memory.getByte(value.address + i);
      if ((c < '0' || c > '9') && c != '-') {
        return false;
      }
    }
    return true;
  }

  /** Takes digits but for leading zeros; returns whether there is room for them. */
  @HeapFree
  private boolean collect(int from, int to, boolean whole) {
    for (int i = from; i < to; i++) {
      int digit = Memory.getByte(i) - '0';
      if (count == 0 && digit == 0) {
        point -= whole ? 0 : 1;
      } else {
        if (count == MAX_DIGITS) {
          return false;
        }
        Memory.putByte(digits + count, digit);
        count++;
        point += whole ? 1 : 0;
      }
    }
    return true;
  }

  @HeapFree
  private static int skipDigits(int from, int end) {
    int at = from;
    while (at < end && Memory.getByte(at) >= '0' && Memory.getByte(at) <= '9') {
      at++;
    }
    return at;
  }

  @HeapFree
  private static int number(int from, int to) {
    int number = 0;
    for (int i = from; i < to && number <= MAX_EXPONENT; i++) {
      number = number * 10 + Memory.getByte(i) - '0';
    }
    return number;
  }

  @HeapFree
  private void write(Window to) {
    at = text;
    if (negative) {
      put('-');
    }
    if (point > MAX_WHOLE || point <= MIN_POINT) {
      exponential();
    } else {
      if (point <= 0) {
        put('0');
        put('.');
      }
      for (int i = point; i < 0; i++) {
        put('0');
      }
      for (int i = 0; i < count; i++) {
        if (i == point && i > 0) {
          put('.');
        }
        put('0' + Memory.getByte(digits + i));
      }
      for (int i = count; i < point; i++) {
        put('0');
      }
    }
    to.address = text;
    to.size = at - text;
  }

  @HeapFree
  private void exponential() {
    put('0' + Memory.getByte(digits));
    for (int i = 1; i < count; i++) {
      if (i == 1) {
        put('.');
      }
      put('0' + Memory.getByte(digits + i));
    }
    put('e');
    int exponent = point - 1;
    put(exponent < 0 ? '-' : '+');
    exponent = exponent < 0 ? -exponent : exponent;
    int divisor = 1;
    while (exponent / divisor > 9) {
      divisor *= 10;
    }
    while (divisor > 0) {
      put('0' + exponent / divisor % 10);
      divisor /= 10;
    }
  }

  @HeapFree
  private void put(int c) {
    Memory.putByte(at, c);
    at++;
  }
}
