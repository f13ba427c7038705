package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.wasm.ProxyWasm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps objects of several kinds until there is no room, gives them back, and begins again. */
public final class HoardingFilter {
  private static final int KINDS = 7;

  private int rounds;

  private HoardingFilter() {}

  public static void main(String[] args) {
    HoardingFilter filter = new HoardingFilter();
    ProxyWasm.run(root -> new SampleRoot(root, filter::onLog));
  }

  private void onLog(Hostcalls host) {
    int refused = 0;
    boolean intact = true;
    for (int kind = 0; kind < KINDS; kind++) {
      List<Object> kept = new ArrayList<>();
      long sum = 0;
      try {
        while (true) {
          Object next = make(kind, kept.size());
          kept.add(next);
          sum += kept.size();
        }
      } catch (OutOfMemoryError e) {
        refused++;
      }
      long count = kept.size();
      intact &= sum == count * (count + 1) / 2;
      for (int i = 0; i < kept.size(); i++) {
        intact &= is(kind, i, kept.get(i));
      }
      kept.clear();
    }
    rounds++;
    host.log(LogLevel.INFO, rounds + " " + refused + (intact ? " intact" : " broken"));
  }

  // Not small ones: the collector's tables have no room for a heap full of those.

  private static Object make(int kind, int number) {
    return switch (kind) {
      case 0 -> new long[] {number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, number};
      case 1 -> new byte[1000 + number % 7];
      case 2 -> filled(number).clone();
      case 3 -> new Object[] {filled(number), "n"};
      case 4 -> Integer.toString(number).repeat(100);
      case 5 -> Arrays.copyOf(new Integer[] {number}, 200);
      default -> new Wide(number).copy();
    };
  }

  private static int[] filled(int number) {
    int[] filled = new int[100];
    filled[99] = number;
    return filled;
  }

  private static boolean is(int kind, int number, Object made) {
    return switch (kind) {
      case 0 -> ((long[]) made)[0] == number && ((long[]) made)[17] == number;
      case 1 -> ((byte[]) made).length == 1000 + number % 7;
      case 2 -> ((int[]) made)[99] == number;
      case 3 -> ((int[]) ((Object[]) made)[0])[99] == number;
      case 4 -> isRepeated((String) made, number);
      case 5 -> ((Integer[]) made)[0] == number && ((Integer[]) made).length == 200;
      default -> ((Wide) made).is(number);
    };
  }

  /** An object that is large for one. */
  private static final class Wide implements Cloneable {
    private long a;
    private long b;
    private long c;
    private long d;
    private long e;
    private long f;
    private long g;
    private long h;
    private long i;
    private long j;

    Wide(int number) {
      a = number;
      b = a + 1;
      c = b + 1;
      d = c + 1;
      e = d + 1;
      f = e + 1;
      g = f + 1;
      h = g + 1;
      i = h + 1;
      j = i + 1;
    }

    boolean is(int number) {
      return a == number && a + b + c + d + e + f + g + h + i + j == 10L * number + 45;
    }

    Object copy() {
      try {
        return clone();
      } catch (CloneNotSupportedException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  /** Makes no object, for which there would be no room. */
  private static boolean isRepeated(String made, int number) {
    int digits = made.length() / 100;
    int rest = number;
    for (int i = digits - 1; i >= 0; i--) {
      if (made.charAt(99 * digits + i) != '0' + rest % 10) {
        return false;
      }
      rest /= 10;
    }
    return rest == 0;
  }
}
