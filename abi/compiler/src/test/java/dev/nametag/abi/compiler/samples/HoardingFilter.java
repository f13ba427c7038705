package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.wasm.ProxyWasm;
import java.util.ArrayList;
import java.util.List;

/** Keeps objects of several kinds until there is no room, gives them back, and begins again. */
public final class HoardingFilter {
  private int rounds;

  private HoardingFilter() {}

  public static void main(String[] args) {
    HoardingFilter filter = new HoardingFilter();
    ProxyWasm.run(root -> new SampleRoot(root, filter::onLog));
  }

  private void onLog(Hostcalls host) {
    int refused = 0;
    boolean intact = true;
    for (int kind = 0; kind < 5; kind++) {
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
      default -> Integer.toString(number).repeat(100);
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
      default -> isRepeated((String) made, number);
    };
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
