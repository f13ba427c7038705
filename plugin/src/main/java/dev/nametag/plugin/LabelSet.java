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
  private final LabelReader[] readers;
  private final NameCodec codec;
  private final SeriesNames names;
  private final SeriesTable table = new SeriesTable();
  private final SeriesBudget budget;
  private final Hostcalls host;
  private final int valueBytes;
  private final SeriesKey key = new SeriesKey();

  // Parallel: the metrics, and for each of them, by series number, the id of the counter + 1, or
  // 0 while it is not defined.
  private final List<Metric> metrics = new ArrayList<>();
  private int[][] ids = new int[0][];

  LabelSet(
      Hostcalls host,
      NameCodec codec,
      Budget bounds,
      SeriesBudget budget,
      List<Label> labels,
      List<LabelReader> readers) {
    this.host = host;
    this.labels = labels;
    this.readers = readers.toArray(new LabelReader[0]);
    this.codec = codec;
    this.names = new SeriesNames(host, codec);
    this.budget = budget;
    this.valueBytes = bounds.valueBytes();
  }

  void add(Metric metric) {
    metrics.add(metric);
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
      if (metrics.get(i).count().matches(outcome, responseCode)) {
        if (series < 0) {
          if (!readKey()) {
            return;
          }
          series = series();
        }
        increment(i, series);
      }
    }
  }

  /** Returns whether the stream's label set gets a series at all. */
  private boolean readKey() {
    key.reset();
    for (int i = 0; i < readers.length; i++) {
      LabelReader reader = readers[i];
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

  private void increment(int metric, int series) {
    if (series >= ids[metric].length) {
      int[] grown = new int[Math.max(series + 1, ids[metric].length * 2)];
      System.arraycopy(ids[metric], 0, grown, 0, ids[metric].length);
      ids[metric] = grown;
    }
    if (ids[metric][series] == 0) {
      ids[metric][series] = names.define(metrics.get(metric), key) + 1;
    }
    host.incrementMetric(ids[metric][series] - 1, 1);
  }
}
