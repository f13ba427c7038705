package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.Region;

/**
 * The fewest decimal digits that are read back as the same double, and of those the nearest.
 *
 * <p>Source: Burger and Dybvig, Printing Floating-Point Numbers Quickly and Accurately, PLDI 1996,
 * the free-format algorithm, with whole numbers of {@value #WORDS} words.
 */
final class ShortestDigits {
  /** The largest number is below 2^1100. */
  private static final int WORDS = 36;

  private static final int BYTES = WORDS * 4;
  private static final int MANTISSA_BITS = 52;
  private static final int MIN_EXPONENT = -1074;

  private final int rest;
  private final int scale;
  private final int below;
  private final int above;
  private final int sum;

  /** How many digits have been written. */
  int count;

  /** Where the decimal point is: the number is 0.d1d2… times 10 to this. */
  int point;

  ShortestDigits(Region region) {
    rest = region.allocate(BYTES);
    scale = region.allocate(BYTES);
    below = region.allocate(BYTES);
    above = region.allocate(BYTES);
    sum = region.allocate(BYTES);
  }

  /** Writes the digits of a finite double above 0, at most 17, as 0 to 9. */
  @HeapFree
  void write(long bits, int to) {
    long mantissa = bits & ((1L << MANTISSA_BITS) - 1);
    int biased = (int) (bits >>> MANTISSA_BITS) & 0x7ff;
    // The next lower double is only half as far away.
    boolean narrow = mantissa == 0 && biased > 1;
    int exponent = MIN_EXPONENT;
    if (biased > 0) {
      mantissa |= 1L << MANTISSA_BITS;
      exponent += biased - 1;
    }
    boolean even = (mantissa & 1) == 0;
    int up = exponent > 0 ? exponent : 0;
    int down = exponent < 0 ? -exponent : 0;
    int half = narrow ? 2 : 1;
    set(rest, mantissa, up + half);
    set(scale, 1, down + half);
    set(below, 1, up);
    set(above, 1, up + half - 1);
    point = 0;
    while (reaches(even)) {
      multiply(scale);
      point++;
    }
    // Now too small rather than too large: the first digit may be a zero, which is not written.
    count = 0;
    boolean last = false;
    while (!last) {
      multiply(rest);
      multiply(below);
      multiply(above);
      int digit = 0;
      while (compare(rest, scale) >= 0) {
        subtract();
        digit++;
      }
      int toBelow = compare(rest, below);
      boolean low = even ? toBelow <= 0 : toBelow < 0;
      boolean high = reaches(even);
      last = low || high;
      if (high && (!low || isUpperHalf())) {
        digit++;
      }
      if (count == 0 && digit == 0) {
        point--;
      } else {
        Memory.putByte(to + count, digit);
        count++;
      }
    }
  }

  @HeapFree
  private boolean reaches(boolean even) {
    add(rest, above);
    int order = compare(sum, scale);
    return even ? order >= 0 : order > 0;
  }

  @HeapFree
  private boolean isUpperHalf() {
    add(rest, rest);
    return compare(sum, scale) >= 0;
  }

  @HeapFree
  private static void set(int number, long value, int shift) {
    for (int i = 0; i < BYTES; i += 4) {
      Memory.putInt(number + i, 0);
    }
    int at = number + (shift >> 5) * 4;
    int bits = shift & 31;
    Memory.putInt(at, (int) (value << bits));
    Memory.putInt(at + 4, (int) (value << bits >>> 32));
    Memory.putInt(at + 8, bits == 0 ? 0 : (int) (value >>> (64 - bits)));
  }

  @HeapFree
  private static void multiply(int number) {
    long carry = 0;
    for (int i = 0; i < BYTES; i += 4) {
      carry += (Memory.getInt(number + i) & 0xffffffffL) * 10;
      Memory.putInt(number + i, (int) carry);
      carry >>>= 32;
    }
  }

  @HeapFree
  private void add(int some, int other) {
    long carry = 0;
    for (int i = 0; i < BYTES; i += 4) {
      carry += (Memory.getInt(some + i) & 0xffffffffL) + (Memory.getInt(other + i) & 0xffffffffL);
      Memory.putInt(sum + i, (int) carry);
      carry >>>= 32;
    }
  }

  @HeapFree
  private void subtract() {
    long carry = 0;
    for (int i = 0; i < BYTES; i += 4) {
      carry += (Memory.getInt(rest + i) & 0xffffffffL) - (Memory.getInt(scale + i) & 0xffffffffL);
      Memory.putInt(rest + i, (int) carry);
      carry >>= 32;
    }
  }

  @HeapFree
  private static int compare(int some, int other) {
    for (int i = BYTES - 4; i >= 0; i -= 4) {
      long difference =
          (Memory.getInt(some + i) & 0xffffffffL) - (Memory.getInt(other + i) & 0xffffffffL);
      if (difference != 0) {
        return difference < 0 ? -1 : 1;
      }
    }
    return 0;
  }
}
