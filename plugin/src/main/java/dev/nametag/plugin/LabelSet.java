package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;
import dev.nametag.abi.Hostcalls;
import dev.nametag.naming.Budget;
import dev.nametag.naming.Label;
import dev.nametag.naming.Metric;
import dev.nametag.naming.NameCodec;
import dev.nametag.naming.Outcome;
import java.util.ArrayList;
import java.util.List;

/** The metrics that have the same labels, and their series. */
final class LabelSet {
  final List<Label> labels;
  private final ValueReader[] readers;
  private final NameCodec codec;
  private final SeriesNames names;
  private final SeriesTable table = new SeriesTable();
  private final SeriesBudget budget;
  private final Hostcalls host;
  private final int valueBytes;
  private final SeriesKey key = new SeriesKey();

  // Parallel: the metrics, what each measures or null, and for each of them, by series number, the
  // id + 1, or 0 while it is not defined.
  private final List<Metric> metrics = new ArrayList<>();
  private final List<MeasuredValue> measured = new ArrayList<>();
  private int[][] ids = new int[0][];

  LabelSet(
      Hostcalls host,
      NameCodec codec,
      Budget bounds,
      SeriesBudget budget,
      List<Label> labels,
      List<ValueReader> readers) {
    this.host = host;
    this.labels = labels;
    this.readers = readers.toArray(new ValueReader[0]);
    this.codec = codec;
    this.names = new SeriesNames(host, codec);
    this.budget = budget;
    this.valueBytes = bounds.valueBytes();
  }

  /** Adds a metric and what it measures, {@code null} if it only counts. */
  void add(Metric metric, MeasuredValue value) {
    metrics.add(metric);
    measured.add(value);
  }

  /** Metrics without labels are there from the start, at 0, so that rates see the first count. */
  void start() {
    ids = new int[metrics.size()][16];
    if (readers.length == 0) {
      int series = table.add(key.reset());
      for (int i = 0; i < ids.length; i++) {
        ids[i][series] = names.define(metrics.get(i), key) + 1;
      }
    }
  }

  void count(Outcome outcome, int responseCode) {
    int series = -1;
    for (int i = 0; i < ids.length; i++) {
      if (!metrics.get(i).count().matches(outcome, responseCode)) {
        continue;
      }
      long value = valueOf(i);
      if (value != MeasuredValue.NONE) {
        if (series < 0) {
          if (!readKey()) {
            return;
          }
          series = series();
        }
        count(i, series, value);
      }
    }
  }

  /** Returns whether the stream's label set gets a series at all. */
  private boolean readKey() {
    key.reset();
    for (int i = 0; i < readers.length; i++) {
      ValueReader reader = readers[i];
      if (!reader.isPresent()) {
        if (!codec.writesAbsentValues()) {
          return false;
        }
        key.addAbsent();
      } else {
        HostBytes value = reader.value();
        if (codec.leavesOut(i, value.array(), value.offset(), value.length())) {
          return false;
        }
        key.add(value, valueBytes);
      }
    }
    return true;
  }

  private int series() {
    int series = table.find(key);
    if (series >= 0) {
      return series;
    }
    if (!budget.take(key.length(), metrics.size())) {
      key.resetToOther(readers.length);
      series = table.find(key);
      if (series >= 0) {
        return series;
      }
    }
    return table.add(key);
  }

  private void count(int metric, int series, long value) {
    if (series >= ids[metric].length) {
      int[] grown = new int[Math.max(series + 1, ids[metric].length * 2)];
      System.arraycopy(ids[metric], 0, grown, 0, ids[metric].length);
      ids[metric] = grown;
    }
    if (ids[metric][series] == 0) {
      ids[metric][series] = names.define(metrics.get(metric), key) + 1;
    }
    int id = ids[metric][series] - 1;
    if (metrics.get(metric).isHistogram()) {
      host.recordMetric(id, value);
    } else if (value > 0) {
      // Envoy takes an increment by 0 for a mistake.
      host.incrementMetric(id, value);
    }
  }

  /** Returns what to count for a metric in this stream, or {@link MeasuredValue#NONE}. */
  private long valueOf(int metric) {
    MeasuredValue value = measured.get(metric);
    return value == null ? 1 : value.read();
  }
}
