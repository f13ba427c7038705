package dev.nametag.hostsim.stats;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Numbers as Envoy's pages write them. */
public final class Numbers {

  /** Source: Envoy source/common/stats/histogram_impl.cc, supportedQuantiles. */
  static final List<Double> QUANTILES =
      List.of(0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 1.0);

  private static final int GENERAL_DIGITS = 6;
  private static final int DETAILED_DIGITS = 15;
  private static final int EXACT_DIGITS = 32;
  private static final int LEAST_EXPONENT = -4;

  private Numbers() {}

  /** The number as the format {@code {:.32g}} of fmt writes it. */
  static String exact(double value) {
    return general(value, EXACT_DIGITS);
  }

  /** The number as the format {@code {:g}} writes it: six digits. */
  public static String general(double value) {
    return general(value, GENERAL_DIGITS);
  }

  /** The number as the format {@code %.15g} writes it. */
  static String detailed(double value) {
    return general(value, DETAILED_DIGITS);
  }

  private static String general(double value, int digits) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    BigDecimal rounded = rounded(value, digits);
    int exponent = exponent(rounded);
    return exponent >= LEAST_EXPONENT && exponent < digits
        ? rounded.toPlainString()
        : scientific(rounded);
  }

  /**
   * The number as {@code std::to_chars} writes it: with as few digits as tell it from others, in
   * the shorter of both forms, and plain if they are equally long. Source: Envoy
   * source/common/buffer/buffer_util.cc, Util::serializeDouble.
   */
  static String shortest(double value) {
    int digits = 1;
    while (rounded(value, digits).doubleValue() != value) {
      digits++;
    }
    BigDecimal rounded = rounded(value, digits);
    String scientific = scientific(rounded);
    // A whole number is written out, also where a double cannot tell its last digits.
    String plain =
        (exponent(rounded) >= rounded.precision() ? new BigDecimal(value) : rounded)
            .toPlainString();
    return scientific.length() < plain.length() ? scientific : plain;
  }

  private static BigDecimal rounded(double value, int digits) {
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    return rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
  }

  private static int exponent(BigDecimal number) {
    return number.precision() - number.scale() - 1;
  }

  private static String scientific(BigDecimal number) {
    int exponent = exponent(number);
    int absolute = Math.abs(exponent);
    return number.movePointLeft(exponent).toPlainString()
        + "e"
        + (exponent < 0 ? "-" : "+")
        + (absolute < 10 ? "0" : "")
        + absolute;
  }
}
