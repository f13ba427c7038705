package dev.nametag.plugin;

import dev.nametag.abi.HostcallException;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.WasmResult;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.abi.memory.Region;
import dev.nametag.naming.Label;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.ListPolicy;
import dev.nametag.naming.Metric;
import dev.nametag.naming.NameCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics that have the same labels, and their series.
 *
 * <p>Counting a stream whose series is known needs no objects. Whatever else there is to do stops
 * it, is done in Java by {@link #resolve}, and then counting goes on where it stopped.
 *
 * <p>What belongs to a series in the map are the ids of its counters + 1, one number of 4 bytes for
 * each metric, 0 while it is not defined.
 */
final class LabelSet {
  private static final int NOTHING = 0;
  private static final int LABEL = 1;
  private static final int SERIES = 2;
  private static final int METRIC = 3;
  private static final int INCREMENT = 4;
  private static final int VALUE = 5;

  /** Bytes of a counter's id. */
  static final int ID = 4;

  final List<Label> labels;
  private final int number;
  private final Hostcalls host;
  private final RawHostcalls raw;
  private final NameCodec codec;
  private final boolean writesAbsentValues;
  private final SeriesBudget budget;
  private final MemoryMap map;
  private final SharedSeries shared;
  private final SelfMetrics self;
  private final Stream stream;
  private final SeriesKey key;
  private final ValueReader[] readers;
  // Those whose values are not the same for all streams.
  private final ValueReader[] varying;
  // The label for each of whose elements a stream counts; null if there is none.
  private final ValueReader list;
  // Parallel to those; null where every value is written. And whether one is not.
  private final Bytes[] leftOut;
  private boolean leavesOut;
  private final Counter[] counters;
  // Those of each outcome, by its bit.
  private final Counter[][] byOutcome;
  // For each outcome, by its bit, where the id of its only counter lies in what belongs to a
  // series; -1 if it has none or several, or one that does not count 1 for every stream.
  private final int onlyPlain;
  // What the labels say whose values are the same for all streams: whether one has none, and
  // whether no stream is counted.
  private boolean lacksValue;
  private boolean countsNobody;

  /** Where the ids of the series lie that takes what is over the budget. */
  private final int others;

  /** The series of all streams, if there are no labels; else 0. */
  private int always;

  // How far counting the current stream has come if it has stopped: the series, 0 if it has not
  // been looked for; the next metric; and what has to be done first, for which label, after which
  // answer of the host's.
  private int series;
  private int outcome;
  private int next;
  private int element;
  private int missing;
  private int missingLabel;
  private int result;

  LabelSet(
      int number,
      Shared shared,
      SharedSeries sharedSeries,
      NameCodec codec,
      List<Label> labels,
      List<ValueReader> readers,
      List<Metric> metrics) {
    this.number = number;
    this.host = shared.host();
    this.raw = shared.raw();
    this.budget = shared.budget();
    this.map = shared.map();
    this.key = shared.key();
    this.self = shared.self();
    this.stream = shared.stream();
    this.shared = sharedSeries;
    this.codec = codec;
    this.writesAbsentValues = codec.writesAbsentValues();
    this.labels = labels;
    this.readers = readers.toArray(new ValueReader[0]);
    this.varying = varying(readers);
    this.list = listOf(labels, this.readers);
    this.leftOut = new Bytes[varying.length];
    int variable = 0;
    for (int i = 0; i < this.readers.length; i++) {
      String left = codec.leftOut(i);
      Bytes text = left == null ? null : Bytes.of(shared.region(), left);
      ValueReader reader = this.readers[i];
      if (reader.constant) {
        boolean absent = reader.read() == ValueReader.ABSENT;
        lacksValue |= absent;
        countsNobody |= absent ? !writesAbsentValues : isLeftOut(text, reader);
      } else {
        leftOut[variable] = text;
        leavesOut |= text != null;
        variable++;
      }
    }
    this.counters = new Counter[metrics.size()];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new Counter(metrics.get(i), i, shared);
    }
    this.byOutcome = byOutcome(counters);
    this.onlyPlain = shared.region().allocate((Outcomes.HIGHEST + 1) * 4);
    for (int bit = 1; bit <= Outcomes.HIGHEST; bit <<= 1) {
      Counter[] plan = byOutcome[bit];
      Memory.putInt(
          onlyPlain + bit * 4,
          list == null && plan.length == 1 && plan[0].isPlain ? plan[0].offset : -1);
    }
    this.others = shared.region().allocate(counters.length * ID);
  }

  private static ValueReader[] varying(List<ValueReader> readers) {
    List<ValueReader> varying = new ArrayList<>();
    for (ValueReader reader : readers) {
      if (!reader.constant) {
        varying.add(reader);
      }
    }
    return varying.toArray(new ValueReader[0]);
  }

  private static Counter[][] byOutcome(Counter[] counters) {
    Counter[][] byOutcome = new Counter[Outcomes.HIGHEST + 1][];
    for (int bit = 1; bit <= Outcomes.HIGHEST; bit <<= 1) {
      List<Counter> counting = new ArrayList<>();
      for (Counter counter : counters) {
        if ((counter.outcomes & bit) != 0) {
          counting.add(counter);
        }
      }
      byOutcome[bit] = counting.toArray(new Counter[0]);
    }
    return byOutcome;
  }

  private static ValueReader listOf(List<Label> labels, ValueReader[] readers) {
    for (int i = 0; i < readers.length; i++) {
      if (labels.get(i).list() == ListPolicy.ALL) {
        return readers[i];
      }
    }
    return null;
  }

  /** What all label sets of a configuration have in common. */
  record Shared(
      Hostcalls host,
      RawHostcalls raw,
      Region region,
      SeriesBudget budget,
      MemoryMap map,
      SelfMetrics self,
      ValueSources sources,
      Stream stream,
      SeriesKey key) {}

  /** Metrics without labels are there from the start, at 0, so that rates see the first count. */
  void start() {
    if (readers.length == 0) {
      int ignored = key.find(map, number, varying);
      series = map.add(key.address(), key.size(), key.hash(), counters.length * ID);
      if (series == 0) {
        throw new IllegalStateException("no memory for metrics without labels");
      }
      always = series;
      for (Counter counter : counters) {
        try {
          define(counter);
        } catch (HostcallException e) {
          // It is tried again with the first stream.
          self.addError();
          self.log(e.getMessage());
        }
      }
    }
  }

  /**
   * Counts the current stream, which had this outcome, as {@link Outcomes#bit}; returns whether it
   * is counted in all metrics. If not, {@link #resolve} is to be called.
   */
  @HeapFree
  boolean count(int outcome, int responseCode) {
    this.outcome = outcome;
    element = 0;
    int offset = Memory.getInt(onlyPlain + outcome * 4);
    if (offset >= 0) {
      int ids = always;
      if (ids == 0) {
        ids = find();
        if (ids == 0) {
          return missing == NOTHING || stop(missing, 0, 0);
        }
      }
      return countPlain(ids, offset);
    }
    return count(responseCode, always, 0);
  }

  @HeapFree
  private boolean countPlain(int ids, int offset) {
    int id = Memory.getInt(ids + offset);
    if (id == 0) {
      return stop(METRIC, ids, 0);
    }
    int answer = raw.incrementMetric(id - 1, 1);
    if (answer != RawHostcalls.OK) {
      result = answer;
      return stop(INCREMENT, ids, 0);
    }
    return true;
  }

  /** Counts the current stream from where it stopped on. */
  @HeapFree
  boolean goOn(int responseCode) {
    return count(responseCode, series, next);
  }

  @HeapFree
  private boolean count(int responseCode, int from, int first) {
    boolean done = countElement(responseCode, from, first);
    while (done && list != null && element + 1 < list.elements()) {
      element++;
      done = countElement(responseCode, 0, 0);
    }
    return done;
  }

  @HeapFree
  private boolean countElement(int responseCode, int from, int first) {
    Counter[] plan = byOutcome[outcome];
    int ids = from;
    for (int i = first; i < plan.length; i++) {
      Counter counter = plan[i];
      long value = 1;
      if (!counter.isPlain) {
        value = value(counter, responseCode);
        if (value == MeasuredValue.NONE) {
          continue;
        }
        if (value == MeasuredValue.IN_JAVA) {
          return stop(VALUE, ids, i);
        }
      }
      if (ids == 0) {
        ids = find();
        if (ids == 0) {
          return missing == NOTHING || stop(missing, ids, i);
        }
      }
      int id = Memory.getInt(ids + counter.offset);
      if (id == 0) {
        return stop(METRIC, ids, i);
      }
      int answer = counter.count(raw, id - 1, value);
      if (answer != RawHostcalls.OK) {
        result = answer;
        return stop(INCREMENT, ids, i);
      }
    }
    return true;
  }

  /** Returns what a stream adds or records, or what {@link MeasuredValue#read} says instead. */
  @HeapFree
  private static long value(Counter counter, int responseCode) {
    return responseCode >= counter.fromCode && responseCode <= counter.toCode
        ? counter.value()
        : MeasuredValue.NONE;
  }

  @HeapFree
  private boolean stop(int what, int ids, int metric) {
    missing = what;
    series = ids;
    next = metric;
    return false;
  }

  /**
   * Returns where the ids of the current stream's series lie. If that is 0 and nothing is missing,
   * the stream gets none at all.
   */
  @HeapFree
  private int find() {
    missing = NOTHING;
    if (list != null) {
      list.select(element);
      if (element == ListPolicy.MAX_ELEMENTS) {
        return others;
      }
    }
    if (lacksValue) {
      stream.marks |= Stream.IDENTITY_MISSING;
    }
    if (countsNobody) {
      return 0;
    }
    ValueReader[] labels = varying;
    for (int i = 0; i < labels.length; i++) {
      ValueReader reader = labels[i];
      int kind = reader.read();
      if (kind == ValueReader.IN_JAVA) {
        missing = LABEL;
        missingLabel = i;
        return 0;
      }
      if (kind == ValueReader.ABSENT) {
        stream.marks |= Stream.IDENTITY_MISSING;
        if (!writesAbsentValues) {
          return 0;
        }
      } else if (leavesOut && isLeftOut(leftOut[i], reader)) {
        return 0;
      }
    }
    int found = key.find(map, number, labels);
    if (found != 0) {
      return found;
    }
    if (budget.hasRoom(key.size(), counters.length)) {
      missing = SERIES;
      return 0;
    }
    stream.marks |= Stream.OVER_BUDGET;
    return others;
  }

  @HeapFree
  private static boolean isLeftOut(Bytes text, ValueReader reader) {
    return text != null
        && text.size == reader.size()
        && Text.equal(text.address, reader.address(), text.size);
  }

  /**
   * Does in Java what counting needs, then it can go on. Returns whether all labels are to be read
   * again before that.
   */
  boolean resolve() {
    int what = missing;
    switch (what) {
      case LABEL -> {
        return varying[missingLabel].readInJava() && readAgain();
      }
      case SERIES -> add();
      case METRIC -> define(current());
      case VALUE -> {
        return current().readInJava() && readAgain();
      }
      default -> throw new HostcallException(current().hostcall(), WasmResult.of(result));
    }
    return false;
  }

  private Counter current() {
    return byOutcome[outcome][next];
  }

  /** The labels that name a series must lie where they did when it was found. */
  private boolean readAgain() {
    series = always;
    return true;
  }

  /** Goes on without what {@link #resolve} failed to do. */
  void skip() {
    if (missing == LABEL) {
      varying[missingLabel].giveUp();
    } else {
      next++;
    }
  }

  private void add() {
    series = shared.add(key);
    if (series == 0) {
      stream.marks |= Stream.OVER_BUDGET;
      series = others;
    }
  }

  /** Gives a series its counter, once. */
  private void define(Counter counter) {
    List<LabelValue> values = new ArrayList<>();
    for (ValueReader reader : readers) {
      values.add(series == others ? LabelValue.OTHER : reader.toLabelValue());
    }
    String name = codec.encode(counter.metric, values);
    Memory.putInt(series + counter.offset, host.defineMetric(counter.type(), name) + 1);
  }
}
