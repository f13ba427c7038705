package dev.nametag.relabel.engine;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * An immutable set of labels, sorted by name in code point order (the order of the UTF-8 bytes).
 *
 * <p>A label with an empty value is the same as no label, so none is kept. The metric name is the
 * label {@code __name__}.
 */
public final class Labels {
  /** No label at all. */
  public static final Labels EMPTY = new Labels(new String[0], new String[0]);

  private final String[] names;
  private final String[] values;
  private int hash;

  /** Takes over arrays that are sorted by name, without duplicates and without empty values. */
  Labels(String[] names, String[] values) {
    this.names = names;
    this.values = values;
  }

  /**
   * Returns the labels that the arguments spell: name, value, name, value …
   *
   * @throws IllegalArgumentException if a value is missing or a name occurs twice
   */
  public static Labels of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a label without a value: " + namesAndValues.length);
    }
    Builder builder = builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  /** Returns the labels of a map; empty values are left out. */
  public static Labels of(Map<String, String> labels) {
    Builder builder = builder();
    labels.forEach(builder::add);
    return builder.build();
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the value of a label, or the empty text when there is no such label. */
  public String get(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return values[i];
      }
    }
    return "";
  }

  /** Returns whether there is a label of that name. */
  public boolean has(String name) {
    return !get(name).isEmpty();
  }

  /** Returns the metric name, or the empty text when there is none. */
  public String metricName() {
    return get(LabelNames.METRIC_NAME);
  }

  /** Returns how many labels there are, the metric name included. */
  public int size() {
    return names.length;
  }

  /** Returns the name at an index below {@link #size()}, in sorted order. */
  public String name(int index) {
    return names[index];
  }

  /** Returns the value at an index below {@link #size()}, in the order of the names. */
  public String value(int index) {
    return values[index];
  }

  /** Passes each name and value on, in sorted order. */
  public void forEach(BiConsumer<String, String> action) {
    for (int i = 0; i < names.length; i++) {
      action.accept(names[i], values[i]);
    }
  }

  /** Returns these labels with one set; an empty value removes it. */
  public Labels with(String name, String value) {
    Builder builder = builder();
    forEach(
        (n, v) -> {
          if (!n.equals(name)) {
            builder.add(n, v);
          }
        });
    return builder.add(name, value).build();
  }

  /** Returns these labels without one. */
  public Labels without(String name) {
    return with(name, "");
  }

  /** Returns the labels as a map in sorted order. */
  public Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    forEach(map::put);
    return Collections.unmodifiableMap(map);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels that
        && Arrays.equals(names, that.names)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      hash = 31 * Arrays.hashCode(names) + Arrays.hashCode(values);
    }
    return hash;
  }

  /** Returns the labels as a selector would spell them: {@code name{a="b"}}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    String metricName = metricName();
    boolean named = LabelNames.isMetricName(metricName);
    if (named) {
      text.append(metricName);
    }
    String comma = "";
    text.append('{');
    for (int i = 0; i < names.length; i++) {
      if (!named || !names[i].equals(LabelNames.METRIC_NAME)) {
        String name = names[i];
        text.append(comma).append(LabelNames.isLabelName(name) ? name : Text.quote(name));
        text.append('=').append(Text.quote(values[i]));
        comma = ", ";
      }
    }
    return text.append('}').toString();
  }

  /** Orders names as their UTF-8 bytes would be; {@code String.compareTo} errs past U+FFFF. */
  static int compareNames(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean bothHigh = x >= Character.MIN_SURROGATE && y >= Character.MIN_SURROGATE;
        return bothHigh && Character.isSurrogate(x) != Character.isSurrogate(y)
            ? (Character.isSurrogate(x) ? 1 : -1)
            : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Collects labels in any order. */
  public static final class Builder {
    private String[] names = new String[8];
    private String[] values = new String[8];
    private int count;

    private Builder() {}

    /** Adds a label; a name may be added once, an empty value counts as added too. */
    public Builder add(String name, String value) {
      if (count == names.length) {
        names = Arrays.copyOf(names, count * 2);
        values = Arrays.copyOf(values, count * 2);
      }
      names[count] = name;
      values[count++] = value;
      return this;
    }

    /** Forgets what was added. */
    public void clear() {
      count = 0;
    }

    /**
     * Returns the labels added so far.
     *
     * @throws IllegalArgumentException if a name was added twice
     */
    public Labels build() {
      sort(names, values, count);
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (i > 0 && names[i].equals(names[i - 1])) {
          throw new IllegalArgumentException("label " + Text.quote(names[i]) + " is given twice");
        }
        kept += values[i].isEmpty() ? 0 : 1;
      }
      String[] sortedNames = new String[kept];
      String[] sortedValues = new String[kept];
      for (int i = 0, to = 0; i < count; i++) {
        if (!values[i].isEmpty()) {
          sortedNames[to] = names[i];
          sortedValues[to++] = values[i];
        }
      }
      return new Labels(sortedNames, sortedValues);
    }
  }

  /** Sorts two parallel arrays by name, stably. */
  static void sort(String[] names, String[] values, int count) {
    if (count > 32) {
      sortMany(names, values, count);
      return;
    }
    for (int i = 1; i < count; i++) {
      String name = names[i];
      String value = values[i];
      int to = i;
      while (to > 0 && compareNames(names[to - 1], name) > 0) {
        names[to] = names[to - 1];
        values[to] = values[to - 1];
        to--;
      }
      names[to] = name;
      values[to] = value;
    }
  }

  /** A page may hold a line with very many labels: moving them one by one would not end. */
  private static void sortMany(String[] names, String[] values, int count) {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (i, j) -> compareNames(names[i], names[j]));
    String[] oldNames = Arrays.copyOf(names, count);
    String[] oldValues = Arrays.copyOf(values, count);
    for (int i = 0; i < count; i++) {
      names[i] = oldNames[order[i]];
      values[i] = oldValues[order[i]];
    }
  }
}
