package dev.nametag.plugin;

import dev.nametag.abi.MetricType;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.naming.Count;
import dev.nametag.naming.Metric;

/** One metric: which streams it counts, and what each of them adds or records. */
final class Counter {
  final Metric metric;

  /** Where its id lies in what belongs to a series. */
  final int offset;

  /** As {@link Outcomes#bits}. */
  final int outcomes;

  /** The response codes that are counted, both included. */
  final int fromCode;

  final int toCode;

  /** Whether every stream counts 1, whatever its response code. */
  final boolean isPlain;

  // Null if it only counts.
  private final MeasuredValue measured;
  private final boolean histogram;

  /** Counts for a metric, which has this number among those with the same labels. */
  Counter(Metric metric, int number, LabelSet.Shared shared) {
    this.offset = number * LabelSet.ID;
    this.measured = MeasuredValue.of(metric, shared);
    this.histogram = metric.isHistogram();
    Count count = metric.count();
    this.metric = metric;
    this.outcomes = Outcomes.bits(count.outcomes());
    this.fromCode = count.code().from();
    this.toCode = count.code().to();
    this.isPlain = measured == null && !asksForCode(metric);
  }

  /** Returns whether it depends on the response code whether a stream is counted. */
  static boolean asksForCode(Metric metric) {
    Count count = metric.count();
    return count.code().from() > 0 || count.code().to() < Integer.MAX_VALUE;
  }

  /** Returns what the stream adds or records, or what {@link MeasuredValue#read} says instead. */
  @HeapFree
  long value() {
    return measured == null ? 1 : measured.read();
  }

  boolean readInJava() {
    return measured.readInJava();
  }

  /** Adds or records the value; returns what the host answers. */
  @HeapFree
  int count(RawHostcalls host, int id, long value) {
    if (histogram) {
      return host.recordMetric(id, value);
    }
    // Envoy takes an increment by 0 for a mistake.
    return measured == null || value > 0 ? host.incrementMetric(id, value) : RawHostcalls.OK;
  }

  MetricType type() {
    return histogram ? MetricType.HISTOGRAM : MetricType.COUNTER;
  }

  /** Returns the name of the hostcall that counts. */
  String hostcall() {
    return histogram ? "proxy_record_metric" : "proxy_increment_metric";
  }
}
