package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.naming.Measure;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Selector;
import dev.nametag.naming.Source;
import java.util.List;

/**
 * The number that a metric adds or records of a stream.
 *
 * <p>A value is a whole number of decimal digits from 0 to {@link #MAX}. Anything else, a sign, a
 * fraction or an absent value, is none: whoever sends it must not be able to spoil a sum.
 */
final class MeasuredValue {
  /** What {@link #read} returns if there is no value. */
  static final long NONE = -1;

  /** Sums of many of these are still exact in Prometheus, whose numbers are doubles. */
  static final long MAX = 1_000_000_000_000L;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What {@link #read} returns if {@link #readInJava} has to be called first. */
  static final long IN_JAVA = -2;

  /** A longer value is cut off, and what is left is no number. */
  private static final int MAX_BYTES = 64;

  private final ValueReader[] sources;
  private final long[] divisors;
  private int pending;

  private MeasuredValue(ValueReader[] sources, long[] divisors) {
    this.sources = sources;
    this.divisors = divisors;
  }

  /** Returns what a metric measures, or {@code null} if it only counts. */
  static MeasuredValue of(Metric metric, LabelSet.Shared shared) {
    if (metric.measure().kind() == Measure.Kind.CALLS) {
      return null;
    }
    List<Source> from = metric.measure().sources();
    ValueReader[] sources = new ValueReader[from.size()];
    long[] divisors = new long[from.size()];
    for (int i = 0; i < sources.length; i++) {
      ValueSource source = shared.sources().of(List.of(from.get(i)));
      String what = "value of metric " + metric.name();
      sources[i] =
          new ValueReader(shared.host(), shared.raw(), shared.stream(), what, source, MAX_BYTES);
      divisors[i] = isDuration(from.get(i)) ? NANOS_PER_MILLI : 1;
    }
    return new MeasuredValue(sources, divisors);
  }

  /** Hosts give durations in nanoseconds; metrics have milliseconds, as Envoy's own do. */
  private static boolean isDuration(Source source) {
    return source instanceof Selector selector
        && (selector.startsWith("request", "duration")
            || selector.startsWith("response", "backend_latency"));
  }

  /** Returns the value in this stream, {@link #NONE} or {@link #IN_JAVA}. */
  @HeapFree
  long read() {
    for (int i = 0; i < sources.length; i++) {
      int kind = sources[i].read();
      if (kind == ValueReader.IN_JAVA) {
        pending = i;
        return IN_JAVA;
      }
      if (kind != ValueReader.ABSENT) {
        long value = number(sources[i], divisors[i] * MAX);
        return value < 0 ? NONE : value / divisors[i];
      }
    }
    return NONE;
  }

  /** See {@link ValueReader#readInJava}. */
  boolean readInJava() {
    return sources[pending].readInJava();
  }

  @HeapFree
  private static long number(ValueReader text, long max) {
    long value = 0;
    for (int i = 0; i < text.size(); i++) {
      int digit = Memory.getByte(text.address() + i) - '0';
      if (digit < 0 || digit > 9 || value > (max - digit) / 10) {
        return NONE;
      }
      value = value * 10 + digit;
    }
    return text.size() == 0 ? NONE : value;
  }
}
