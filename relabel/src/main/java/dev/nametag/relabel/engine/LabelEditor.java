package dev.nametag.relabel.engine;

import java.util.Arrays;

/**
 * A label set under change.
 *
 * <p>Keeps the order in which Prometheus walks its labels.Builder, since it decides which of two
 * labels that labelmap copies to one name comes last: first the labels that were there and were not
 * set since, sorted, then the others in the order in which they were first set. (Prometheus 2.42
 * and before sorted them anew before each rule.)
 */
final class LabelEditor {
  private String[] names = new String[16];
  private String[] values = new String[16];
  private int count;

  /** The labels below this index are as they were in the beginning. */
  private int untouched;

  private Labels original = Labels.EMPTY;
  private boolean changed;

  void reset(Labels labels) {
    original = labels;
    changed = false;
    count = labels.size();
    untouched = count;
    grow(count);
    for (int i = 0; i < count; i++) {
      names[i] = labels.name(i);
      values[i] = labels.value(i);
    }
  }

  String get(String name) {
    int index = indexOf(name);
    return index < 0 ? "" : values[index];
  }

  /** Sets a label; an empty value removes it. */
  void set(String name, String value) {
    if (value.isEmpty()) {
      remove(name);
      return;
    }
    int index = indexOf(name);
    if (index < 0 || !values[index].equals(value)) {
      changed = true;
    }
    if (index >= untouched) {
      values[index] = value;
      return;
    }
    if (index >= 0) {
      removeAt(index);
    }
    grow(count + 1);
    names[count] = name;
    values[count++] = value;
  }

  void remove(String name) {
    int index = indexOf(name);
    if (index >= 0) {
      changed = true;
      removeAt(index);
    }
  }

  int size() {
    return count;
  }

  /** Returns the names in walking order; later changes do not show in it. */
  String[] namesNow() {
    return Arrays.copyOf(names, count);
  }

  /** Returns the values in walking order; later changes do not show in it. */
  String[] valuesNow() {
    return Arrays.copyOf(values, count);
  }

  Labels labels() {
    if (!changed) {
      return original;
    }
    String[] sortedNames = namesNow();
    String[] sortedValues = valuesNow();
    Labels.sort(sortedNames, sortedValues, count);
    return new Labels(sortedNames, sortedValues);
  }

  private int indexOf(String name) {
    for (int i = 0; i < count; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private void removeAt(int index) {
    count--;
    System.arraycopy(names, index + 1, names, index, count - index);
    System.arraycopy(values, index + 1, values, index, count - index);
    if (index < untouched) {
      untouched--;
    }
  }

  private void grow(int size) {
    if (size > names.length) {
      int length = Math.max(size, names.length * 2);
      names = Arrays.copyOf(names, length);
      values = Arrays.copyOf(values, length);
    }
  }
}
