package dev.nametag.plugin;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.HttpContext;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.naming.Label;
import dev.nametag.naming.Metric;
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
  private static final int UNKNOWN = -2;

  private final Stream stream = new Stream();
  private final Evidence evidence;
  private final MemoryMap map = new MemoryMap();
  private final ValueReader[] labels;
  private final LabelSet[] labelSets;

  // How far the current stream has come.
  private int outcome;
  private int next;
  private boolean freed;

  Counters(Hostcalls host, Schema schema) {
    RawHostcalls raw = host.raw();
    evidence = new Evidence(raw, stream.region);
    ValueSources sources = new ValueSources(raw, stream);
    int valueBytes = schema.budget().valueBytes();
    List<ValueReader> readers = new ArrayList<>();
    for (Label label : schema.labels()) {
      ValueSource source = sources.of(label.sources());
      readers.add(new ValueReader(host, raw, stream, "label " + label.name(), source, valueBytes));
    }
    labels = readers.toArray(new ValueReader[0]);
    LabelSet.Shared shared =
        new LabelSet.Shared(
            host,
            raw,
            stream.region,
            new SeriesBudget(schema.budget().series()),
            map,
            sources,
            stream,
            new SeriesKey(stream.region, labels.length, valueBytes + ValueReader.HASH_BYTES));
    List<LabelSet> sets = new ArrayList<>();
    for (Metric metric : schema.metrics()) {
      if (!isIn(sets, metric)) {
        List<Metric> family = withLabelsOf(metric, schema.metrics());
        List<ValueReader> own = new ArrayList<>();
        for (Label label : metric.labels()) {
          own.add(readers.get(indexOf(label, schema.labels())));
        }
        LabelSet set =
            new LabelSet(sets.size(), shared, schema.codec(), metric.labels(), own, family);
        // Totals first: they are counted even if something about a label set should fail.
        sets.add(own.isEmpty() ? 0 : sets.size(), set);
      }
    }
    labelSets = sets.toArray(new LabelSet[0]);
    for (LabelSet set : labelSets) {
      set.start();
    }
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
    outcome = UNKNOWN;
    next = 0;
    for (int i = 0; i < labels.length; i++) {
      labels[i].forget();
    }
    for (int i = 0; i < labelSets.length; i++) {
      labelSets[i].forget();
    }
    return count();
  }

  @Override
  public void onLog(int contextId) {
    do {
      if (outcome < 0) {
        evidence.fail();
      } else if (labelSets[next].resolve()) {
        for (ValueReader label : labels) {
          label.forgetUnlessKept();
        }
        for (LabelSet set : labelSets) {
          set.forgetMeasured();
        }
      }
    } while (!count());
  }

  /** Counts the current stream, from where it stopped on; returns whether it is done. */
  @HeapFree
  private boolean count() {
    if (outcome < 0) {
      outcome = evidence.read();
    }
    if (outcome <= 0) {
      return outcome == Evidence.NOT_COUNTED;
    }
    while (next < labelSets.length) {
      if (!labelSets[next].count(outcome, evidence.responseCode())) {
        return false;
      }
      next++;
    }
    return true;
  }

  /** Gives back all memory; nothing is counted any more. */
  void free() {
    freed = true;
    map.free();
    stream.region.free();
  }
}
