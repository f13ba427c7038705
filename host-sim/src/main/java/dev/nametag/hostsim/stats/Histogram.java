package dev.nametag.hostsim.stats;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A distribution in bins of two significant decimal digits, shared by all workers.
 *
 * <p>Samples wait until the next {@link #merge}; only then do they show, in the interval that has
 * just ended and in the sum of all. Source: openhistogram libcircllhist src/circllhist.c,
 * int_scale_to_hist_bucket; Envoy source/common/stats/thread_local_store.cc,
 * ParentHistogramImpl::merge.
 */
public final class Histogram {

  private final List<Double> buckets;
  private final boolean kept;
  private final TreeMap<Bin, Long> waiting = new TreeMap<>();
  private Distribution interval = Distribution.NONE;
  private Distribution cumulative = Distribution.NONE;
  private boolean used;

  /** One that counts in these buckets; what is not kept shows nothing, ever. */
  Histogram(List<Double> buckets, boolean kept) {
    this.buckets = buckets;
    this.kept = kept;
  }

  /** Adds a sample. Values above {@link Long#MAX_VALUE} count as that. */
  public synchronized void record(long value) {
    if (kept) {
      waiting.merge(Bin.of(value < 0 ? Long.MAX_VALUE : value), 1L, Long::sum);
    }
  }

  /** Makes what was recorded visible, as Envoy does whenever it flushes stats. */
  synchronized void merge() {
    if (!used && waiting.isEmpty()) {
      return;
    }
    used = true;
    TreeMap<Bin, Long> all = new TreeMap<>(cumulative.bins());
    waiting.forEach((bin, count) -> all.merge(bin, count, Long::sum));
    interval = new Distribution(waiting);
    cumulative = new Distribution(all);
    waiting.clear();
  }

  /** Whether there was ever something to merge. */
  synchronized boolean used() {
    return used;
  }

  /** What was recorded between the last two merges. */
  synchronized Distribution interval() {
    return interval;
  }

  /** What was recorded before the last merge. */
  synchronized Distribution cumulative() {
    return cumulative;
  }

  /** The upper bounds of the buckets, ascending, without the infinite one. */
  List<Double> buckets() {
    return buckets;
  }

  /**
   * A bin.
   *
   * @param exponent of ten for the first digit; the bin of zero has the least
   * @param digits the two digits, 10 to 99, or 0
   */
  record Bin(int exponent, int digits) implements Comparable<Bin> {

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

    double width() {
      return digits == 0 ? 0 : Math.pow(10, exponent) / 10.0;
    }

    double midpoint() {
      if (digits == 0) {
        return 0;
      }
      double bottom = bottom();
      double width = width();
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

  /** Counts by bin, the smallest first. */
  record Distribution(Map<Bin, Long> bins) {

    static final Distribution NONE = new Distribution(Map.of());

    Distribution {
      bins = Collections.unmodifiableMap(new TreeMap<>(bins));
    }

    long count() {
      return bins.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The sum of each bin's count times its midpoint. Source: hist_approx_sum. */
    double sum() {
      double sum = 0;
      for (Map.Entry<Bin, Long> entry : bins.entrySet()) {
        sum += entry.getKey().midpoint() * (double) entry.getValue();
      }
      return sum;
    }

    /**
     * The samples in the bins that begin at or below the bound: whole bins, so that 255 is counted
     * at 250. Source: libcircllhist py-0.3.2, hist_approx_count_below.
     */
    long countAtOrBelow(double bound) {
      long count = 0;
      for (Map.Entry<Bin, Long> entry : bins.entrySet()) {
        if (entry.getKey().bottom() <= bound) {
          count += entry.getValue();
        }
      }
      return count;
    }

    /**
     * The value below which that part of the samples lies, as if each bin were filled evenly; NaN
     * without samples. Source: hist_approx_quantile.
     */
    double quantile(double part) {
      long total = count();
      if (total == 0) {
        return Double.NaN;
      }
      double rank = total * part;
      double below = 0;
      Bin last = Bin.ZERO;
      for (Map.Entry<Bin, Long> entry : bins.entrySet()) {
        last = entry.getKey();
        double upTo = below + entry.getValue();
        if (rank == below) {
          return last.bottom();
        }
        if (rank == upTo) {
          return last.bottom() + last.width();
        }
        if (rank < upTo) {
          return last.bottom() + (rank - below) / (upTo - below) * last.width();
        }
        below = upTo;
      }
      return last.bottom() + last.width();
    }
  }
}
