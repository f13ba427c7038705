package dev.nametag.hostsim.stats;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Numbers as Envoy's pages write them. */
final class Numbers {

  /** Source: Envoy source/common/stats/histogram_impl.cc, supportedQuantiles. */
  static final List<Double> QUANTILES =
      List.of(0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 1.0);

  private static final int GENERAL_DIGITS = 6;
  private static final int LEAST_EXPONENT = -4;

  private Numbers() {}

  /** The number as the format {@code {:.32g}} of fmt writes it, as far as 10 to the power of 31. */
  static String exact(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(32, RoundingMode.HALF_EVEN));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** The number as the format {@code {:g}} writes it: six digits. */
  static String general(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    BigDecimal rounded =
        new BigDecimal(value)
            .round(new MathContext(GENERAL_DIGITS, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    if (rounded.signum() == 0) {
      return "0";
    }
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= LEAST_EXPONENT && exponent < GENERAL_DIGITS) {
      return rounded.toPlainString();
    }
    int absolute = Math.abs(exponent);
    return rounded.movePointLeft(exponent).toPlainString()
        + "e"
        + (exponent < 0 ? "-" : "+")
        + (absolute < 10 ? "0" : "")
        + absolute;
  }
}
