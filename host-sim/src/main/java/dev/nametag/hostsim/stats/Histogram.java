package dev.nametag.hostsim.stats;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A distribution in bins of two significant decimal digits, shared by all workers.
 *
 * <p>Samples wait until the next {@link #merge}; only then do they show. Source: openhistogram
 * libcircllhist src/circllhist.c, int_scale_to_hist_bucket, hist_bucket_midpoint and
 * hist_approx_sum; Envoy source/common/stats/histogram_impl.cc for the buckets.
 */
public final class Histogram {

  private static final List<Double> BUCKETS =
      List.of(
          0.5, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0,
          30000.0, 60000.0, 300000.0, 600000.0, 1800000.0, 3600000.0);

  private final Map<Bin, Long> waiting = new TreeMap<>();
  private final TreeMap<Bin, Long> merged = new TreeMap<>();

  /** Adds a sample. Values above {@link Long#MAX_VALUE} count as that. */
  public synchronized void record(long value) {
    waiting.merge(Bin.of(value < 0 ? Long.MAX_VALUE : value), 1L, Long::sum);
  }

  /** Makes what was recorded visible, as Envoy does whenever it flushes stats. */
  synchronized void merge() {
    waiting.forEach((bin, count) -> merged.merge(bin, count, Long::sum));
    waiting.clear();
  }

  synchronized boolean used() {
    return !merged.isEmpty();
  }

  synchronized long count() {
    return merged.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The sum of each bin's count times its midpoint, the smallest bin first. */
  synchronized double sum() {
    double sum = 0;
    for (Map.Entry<Bin, Long> entry : merged.entrySet()) {
      sum += entry.getKey().midpoint() * (double) entry.getValue();
    }
    return sum;
  }

  /** The upper bounds of the buckets, ascending, without the infinite one. */
  static List<Double> buckets() {
    return BUCKETS;
  }

  /**
   * The samples in the bins that begin at or below the bound: whole bins, so that 255 is counted at
   * 250. Source: libcircllhist py-0.3.2, hist_approx_count_below.
   */
  synchronized long countAtOrBelow(double bound) {
    long count = 0;
    for (Map.Entry<Bin, Long> entry : merged.entrySet()) {
      if (entry.getKey().bottom() <= bound) {
        count += entry.getValue();
      }
    }
    return count;
  }

  /** The number as the format {@code {:.32g}} of fmt writes it. */
  static String format(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(32, RoundingMode.HALF_EVEN));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /**
   * A bin.
   *
   * @param exponent of ten for the first digit; the bin of zero has the least
   * @param digits the two digits, 10 to 99, or 0
   */
  private record Bin(int exponent, int digits) implements Comparable<Bin> {

    private static final Bin ZERO = new Bin(-1, 0);

    static Bin of(long value) {
      if (value == 0) {
        return ZERO;
      }
      if (value < 10) {
        return new Bin(0, (int) value * 10);
      }
      int exponent = 1;
      long digits = value;
      while (digits >= 100) {
        digits /= 10;
        exponent++;
      }
      return new Bin(exponent, (int) digits);
    }

    double bottom() {
      return digits / 10.0 * Math.pow(10, exponent);
    }

    double midpoint() {
      if (digits == 0) {
        return 0;
      }
      double bottom = bottom();
      double width = Math.pow(10, exponent) / 10.0;
      double top = bottom + width;
      return bottom + width * (bottom / (bottom + top));
    }

    @Override
    public int compareTo(Bin other) {
      return exponent != other.exponent
          ? Integer.compare(exponent, other.exponent)
          : Integer.compare(digits, other.digits);
    }
  }
}
