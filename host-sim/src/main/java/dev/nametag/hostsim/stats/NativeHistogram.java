package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.bytes.ProtoWriter;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A histogram of Prometheus with exponential buckets, made of bins of two digits: bucket i holds
 * what is above base to the power of i and at most base to the power of i + 1, where base is 2 to
 * the power of 2 to the power of minus schema.
 *
 * <p>Source: Envoy source/server/admin/prometheus_stats.cc, generateNativeHistogramOutput; that the
 * counts it asks for are those of whole bins is derived from its test. Bounds on which a power
 * falls depend on its last bit.
 */
final class NativeHistogram {

  private static final int FINEST_SCHEMA = 4;
  private static final int COARSEST_SCHEMA = -4;
  private static final int SCHEMA_OF_NOTHING = 3;
  private static final double ZERO_THRESHOLD = 0.5;

  private final Histogram.Distribution all;
  private final ProtoWriter out = new ProtoWriter();

  private NativeHistogram(Histogram.Distribution all) {
    this.all = all;
  }

  /**
   * The message Histogram.
   *
   * @param maxBuckets how many may be looked at; if even the coarsest take more, those are it
   */
  static ProtoWriter of(Histogram.Distribution all, int maxBuckets) {
    return new NativeHistogram(all).write(maxBuckets);
  }

  private ProtoWriter write(int maxBuckets) {
    if (all.count() == 0) {
      // A span without buckets tells it from a histogram of the other kind.
      return out.zigzag(5, SCHEMA_OF_NOTHING).varint(7, 0).message(12, span(0, 0));
    }
    int schema = FINEST_SCHEMA;
    Optional<SortedSet<Integer>> indices = indices(schema, maxBuckets);
    while (indices.isEmpty()) {
      schema--;
      indices = indices(schema, schema == COARSEST_SCHEMA ? Integer.MAX_VALUE : maxBuckets);
    }
    long zeros = all.countAtOrBelow(ZERO_THRESHOLD);
    out.varint(1, all.count())
        .fixed64(2, Double.doubleToRawLongBits(all.sum()))
        .zigzag(5, schema)
        .fixed64(6, Double.doubleToRawLongBits(ZERO_THRESHOLD))
        .varint(7, zeros);
    buckets(indices.get(), Math.pow(2, Math.pow(2, -schema)), zeros);
    return out;
  }

  /** The buckets that some bin reaches into; none if they are too many. */
  private Optional<SortedSet<Integer>> indices(int schema, int most) {
    SortedSet<Integer> indices = new TreeSet<>();
    double logOfBase = Math.log(Math.pow(2, Math.pow(2, -schema)));
    for (Histogram.Bin bin : all.bins().keySet()) {
      double top = bin.bottom() + bin.width();
      if (top <= ZERO_THRESHOLD) {
        continue;
      }
      double bottom = Math.max(bin.bottom(), ZERO_THRESHOLD);
      int last = (int) Math.ceil(Math.log(top) / logOfBase);
      for (int i = (int) Math.ceil(Math.log(bottom) / logOfBase) - 1; i <= last; i++) {
        indices.add(i);
        if (indices.size() > most) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(indices);
  }

  /** Spans of buckets without a gap, and then the difference of each to the one before. */
  private void buckets(SortedSet<Integer> indices, double base, long zeros) {
    ProtoWriter deltas = new ProtoWriter();
    long below = zeros;
    long countBefore = 0;
    int start = 0;
    int length = 0;
    int spanEnd = 0;
    for (int index : indices) {
      long upTo = all.countAtOrBelow(Math.pow(base, index + 1));
      long count = upTo - below;
      below = upTo;
      if (count == 0) {
        continue;
      }
      if (length > 0 && index != start + length) {
        out.message(12, span(start - spanEnd, length));
        spanEnd = start + length;
        length = 0;
      }
      start = length == 0 ? index : start;
      length++;
      deltas.zigzag(13, count - countBefore);
      countBefore = count;
    }
    if (length > 0) {
      out.message(12, span(start - spanEnd, length));
    }
    out.append(deltas);
  }

  /** The first one's offset is its index, the others' the gap before them. */
  private static ProtoWriter span(int offset, int length) {
    return new ProtoWriter().zigzag(1, offset).varint(2, length);
  }
}
