package dev.nametag.plugin;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.HttpContext;
import dev.nametag.naming.Label;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Outcome;
import dev.nametag.naming.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts a stream when it ends: works out the outcome, reads the values of the labels that are
 * needed, finds the series and increments its counters or records in its histograms.
 *
 * <p>Metrics with the same labels share one look-up. Counting a label set that was seen before
 * allocates nothing.
 */
final class Counters extends HttpContext {
  private final Hostcalls host;
  private final Evidence evidence;
  private final ValueReader[] labels;
  private final LabelSet[] labelSets;

  Counters(Hostcalls host, Schema schema) {
    this.host = host;
    this.evidence = new Evidence(host);
    ValueSources sources = new ValueSources(host);
    SeriesBudget budget = new SeriesBudget(schema.budget().series());
    List<ValueReader> readers = new ArrayList<>();
    for (Label label : schema.labels()) {
      readers.add(new ValueReader(host, "label " + label.name(), sources.of(label.sources())));
    }
    List<LabelSet> sets = new ArrayList<>();
    for (Metric metric : schema.metrics()) {
      setOf(metric, sets, schema, readers, budget)
          .add(metric, MeasuredValue.of(metric, host, sources));
    }
    labels = readers.toArray(new ValueReader[0]);
    labelSets = sets.toArray(new LabelSet[0]);
    for (LabelSet set : labelSets) {
      set.start();
    }
  }

  private LabelSet setOf(
      Metric metric,
      List<LabelSet> sets,
      Schema schema,
      List<ValueReader> readers,
      SeriesBudget budget) {
    for (LabelSet set : sets) {
      if (haveSameNames(set.labels, metric.labels())) {
        return set;
      }
    }
    List<ValueReader> own = new ArrayList<>();
    for (Label label : metric.labels()) {
      own.add(readers.get(indexOf(label, schema.labels())));
    }
    LabelSet set =
        new LabelSet(host, schema.codec(), schema.budget(), budget, metric.labels(), own);
    // Totals first: they are counted even if something about a label set should fail.
    sets.add(own.isEmpty() ? 0 : sets.size(), set);
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
    // First of all: nothing of an earlier stream may be left, whatever happened in it.
    for (ValueReader label : labels) {
      label.forget();
    }
    for (LabelSet set : labelSets) {
      set.count(outcome, evidence.responseCode());
    }
  }
}
