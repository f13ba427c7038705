package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.HttpContext;
import dev.nametag.naming.Budget;
import dev.nametag.naming.Label;
import dev.nametag.naming.Metric;
import dev.nametag.naming.NameCodec;
import dev.nametag.naming.Outcome;
import dev.nametag.naming.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts a stream when it ends: works out the outcome, reads the values of the labels that are
 * needed, finds the series and increments its counters.
 *
 * <p>Metrics with the same labels share one look-up. Counting a label set that was seen before
 * allocates nothing.
 */
final class Counters extends HttpContext {
  private final Hostcalls host;
  private final Evidence evidence;
  private final LabelSet[] labelSets;

  Counters(Hostcalls host, Schema schema) {
    this.host = host;
    this.evidence = new Evidence(host);
    ValueSources sources = new ValueSources(host);
    Budgeted budget = new Budgeted(schema.budget());
    List<LabelReader> readers = new ArrayList<>();
    for (Label label : schema.labels()) {
      readers.add(new LabelReader(sources.of(label.sources())));
    }
    List<LabelSet> sets = new ArrayList<>();
    for (Metric metric : schema.metrics()) {
      setOf(metric, sets, schema, readers, budget).add(metric);
    }
    labelSets = sets.toArray(new LabelSet[0]);
    for (LabelSet set : labelSets) {
      set.start();
    }
  }

  private LabelSet setOf(
      Metric metric,
      List<LabelSet> sets,
      Schema schema,
      List<LabelReader> readers,
      Budgeted budget) {
    for (LabelSet set : sets) {
      if (haveSameNames(set.labels, metric.labels())) {
        return set;
      }
    }
    List<LabelReader> own = new ArrayList<>();
    for (Label label : metric.labels()) {
      own.add(readers.get(indexOf(label, schema.labels())));
    }
    LabelSet set =
        new LabelSet(host, schema.codec(), schema.budget(), budget, metric.labels(), own);
    sets.add(set);
    return set;
  }

  // By their names, which are unique: equals of records brings that of all collections along.

  private static boolean haveSameNames(List<Label> some, List<Label> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (!some.get(i).name().equals(others.get(i).name())) {
        return false;
      }
    }
    return true;
  }

  private static int indexOf(Label label, List<Label> labels) {
    int index = 0;
    while (!labels.get(index).name().equals(label.name())) {
      index++;
    }
    return index;
  }

  @Override
  public void onLog(int contextId) {
    Outcome outcome = evidence.read();
    if (outcome == null) {
      return;
    }
    for (LabelSet set : labelSets) {
      set.count(outcome, evidence.responseCode());
    }
    for (LabelSet set : labelSets) {
      set.forgetValues();
    }
  }

  /** How many label sets have got a series of their own, over all metrics of the configuration. */
  private static final class Budgeted {
    private int left;

    Budgeted(Budget budget) {
      this.left = budget.series();
    }

    boolean take() {
      if (left == 0) {
        return false;
      }
      left--;
      return true;
    }
  }

  /** One label's value in the current stream, read at most once. */
  private static final class LabelReader {
    private final ValueSource source;
    private final HostBytes value = new HostBytes();
    private boolean read;
    private boolean present;

    LabelReader(ValueSource source) {
      this.source = source;
    }

    boolean isPresent() {
      if (!read) {
        present = source.read(value);
        read = true;
      }
      return present;
    }
  }

  /** The metrics that have the same labels, and their series. */
  private static final class LabelSet {
    final List<Label> labels;
    private final LabelReader[] readers;
    private final boolean writesAbsentValues;
    private final SeriesNames names;
    private final SeriesTable table = new SeriesTable();
    private final Budgeted budget;
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
        Budgeted budget,
        List<Label> labels,
        List<LabelReader> readers) {
      this.host = host;
      this.labels = labels;
      this.readers = readers.toArray(new LabelReader[0]);
      this.writesAbsentValues = codec.writesAbsentValues();
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

    void forgetValues() {
      for (LabelReader reader : readers) {
        reader.read = false;
      }
    }

    /** Returns whether the stream's label set gets a series at all. */
    private boolean readKey() {
      key.reset();
      for (LabelReader reader : readers) {
        if (reader.isPresent()) {
          key.add(reader.value, valueBytes);
        } else if (writesAbsentValues) {
          key.addAbsent();
        } else {
          return false;
        }
      }
      return true;
    }

    private int series() {
      int series = table.find(key);
      if (series >= 0) {
        return series;
      }
      if (!budget.take()) {
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
}
