package dev.nametag.plugin;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.HttpContext;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.naming.Label;
import dev.nametag.naming.ListPolicy;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Pseudonym;
import dev.nametag.naming.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts a stream when it ends: works out the outcome, reads the values of the labels that are
 * needed, finds the series and increments its counters or records in its histograms.
 *
 * <p>Metrics with the same labels share one look-up. Counting a label set that was seen before
 * needs no objects. What does need some stops the count and is done in Java; then it goes on where
 * it stopped.
 */
final class Counters extends HttpContext {
  /** More than any stream needs. */
  private static final int MAX_ROUNDS = 100_000;

  private final Stream stream;
  private final Evidence evidence;
  private final MemoryMap map;
  private final ValueReader[] labels;
  private final LabelSet[] labelSets;
  private final SelfMetrics self;

  // How far the current stream has come.
  private int outcome;
  private int next;
  private boolean freed;

  /** Counts nothing: what a filter has that has no configuration. */
  static final Counters OF_NOTHING = new Counters();

  private Counters() {
    stream = null;
    evidence = null;
    map = null;
    labels = null;
    labelSets = null;
    self = null;
    freed = true;
  }

  Counters(
      Hostcalls host,
      RawHostcalls raw,
      Schema schema,
      Pseudonym pseudonym,
      String configuration,
      SelfMetrics self,
      Stream stream,
      MemoryMap map) {
    this.self = self;
    this.stream = stream;
    this.map = map;
    evidence = new Evidence(host, raw, stream, asksForCode(schema.metrics()));
    ValueSources sources = new ValueSources(raw, stream);
    int valueBytes = schema.budget().valueBytes();
    List<ValueReader> readers = new ArrayList<>();
    for (Label label : schema.labels()) {
      ValueSource source = sources.of(label.sources(), label.list());
      readers.add(
          new ValueReader(
              host,
              raw,
              stream,
              "label " + label.name(),
              source,
              valueBytes,
              label.list() == ListPolicy.ALL,
              label.pseudonym() ? pseudonym : null));
    }
    labels = readers.toArray(new ValueReader[0]);
    SeriesBudget budget = new SeriesBudget(schema.budget().series());
    SeriesKey key =
        new SeriesKey(stream.region, labels.length, valueBytes + ValueReader.HASH_BYTES);
    LabelSet.Shared shared =
        new LabelSet.Shared(host, raw, stream.region, budget, map, self, sources, stream, key);
    SharedSeries series =
        new SharedSeries(
            host,
            self,
            budget,
            map,
            configuration,
            familySizes(schema.metrics()),
            stream.region.allocate(key.maxSize),
            key.maxSize);
    List<LabelSet> sets = new ArrayList<>();
    for (Metric metric : schema.metrics()) {
      if (!isIn(sets, metric)) {
        List<Metric> family = withLabelsOf(metric, schema.metrics());
        List<ValueReader> own = new ArrayList<>();
        for (Label label : metric.labels()) {
          own.add(readers.get(indexOf(label, schema.labels())));
        }
        LabelSet set =
            new LabelSet(sets.size(), shared, series, schema.codec(), metric.labels(), own, family);
        // Totals first: they are counted even if something about a label set should fail.
        sets.add(own.isEmpty() ? 0 : sets.size(), set);
      }
    }
    labelSets = sets.toArray(new LabelSet[0]);
    for (LabelSet set : labelSets) {
      set.start();
    }
  }

  private static boolean asksForCode(List<Metric> metrics) {
    for (Metric metric : metrics) {
      if (Counter.asksForCode(metric)) {
        return true;
      }
    }
    return false;
  }

  /** Returns how many metrics have the same labels, for each label set in the order of numbers. */
  private static int[] familySizes(List<Metric> metrics) {
    int[] sizes = new int[metrics.size()];
    int families = 0;
    for (int i = 0; i < sizes.length; i++) {
      int first = 0;
      while (!haveSameNames(metrics.get(first).labels(), metrics.get(i).labels())) {
        first++;
      }
      if (first == i) {
        sizes[families] = withLabelsOf(metrics.get(i), metrics).size();
        families++;
      }
    }
    return sizes;
  }

  private static boolean isIn(List<LabelSet> sets, Metric metric) {
    for (LabelSet set : sets) {
      if (haveSameNames(set.labels, metric.labels())) {
        return true;
      }
    }
    return false;
  }

  private static List<Metric> withLabelsOf(Metric metric, List<Metric> metrics) {
    List<Metric> family = new ArrayList<>();
    for (Metric each : metrics) {
      if (haveSameNames(each.labels(), metric.labels())) {
        family.add(each);
      }
    }
    return family;
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
  @HeapFree
  public boolean onLogHeapFree(int contextId) {
    if (freed) {
      return true;
    }
    // First of all: nothing of an earlier stream may be left, whatever happened in it.
    stream.number++;
    stream.readings++;
    stream.marks = 0;
    return count();
  }

  @Override
  public void onLog(int contextId) {
    int rounds = 0;
    do {
      try {
        prepare();
      } catch (RuntimeException | OutOfMemoryError e) {
        failed(e);
      }
      rounds++;
      if (rounds > MAX_ROUNDS) {
        failed(new IllegalStateException("a stream is never done"));
        self.count(stream.marks);
        return;
      }
    } while (!goOn());
  }

  /** Does in Java what the current stream waits for. */
  private void prepare() {
    if (outcome < 0) {
      evidence.prepare();
    } else if (labelSets[next].resolve()) {
      stream.readings++;
    }
  }

  private void failed(Throwable e) {
    stream.marks |= Stream.FAILED;
    if (outcome >= 0) {
      labelSets[next].skip();
    } else {
      evidence.giveUp();
    }
    self.log("proxy_on_log", e);
  }

  /** Counts the current stream, from where it stopped on; returns whether it is done. */
  @HeapFree
  private boolean goOn() {
    if (outcome < 0) {
      return count();
    }
    return labelSets[next].goOn(evidence.responseCode()) && count(next + 1);
  }

  /** Counts the current stream; returns whether it is done. */
  @HeapFree
  private boolean count() {
    outcome = evidence.read();
    return outcome >= 0 && count(outcome == Evidence.NOT_COUNTED ? labelSets.length : 0);
  }

  @HeapFree
  private boolean count(int first) {
    LabelSet[] sets = labelSets;
    int code = evidence.responseCode();
    for (int i = first; i < sets.length; i++) {
      if (!sets[i].count(outcome, code)) {
        next = i;
        return false;
      }
    }
    if (stream.marks != 0) {
      self.count(stream.marks);
    }
    return true;
  }

  /** Gives back all memory; nothing is counted any more. */
  void free() {
    if (!freed) {
      freed = true;
      map.free();
      stream.free();
    }
  }
}
