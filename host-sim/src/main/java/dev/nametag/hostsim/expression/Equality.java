package dev.nametag.hostsim.expression;

import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is equal and what is less. Numbers of different types can be both; other values of different
 * types are never equal, and cannot be less.
 *
 * <p>Source: cel-cpp runtime/standard/equality_functions.cc and comparison_functions.cc,
 * internal/number.h.
 */
final class Equality {

  private final Work work;

  Equality(Work work) {
    this.work = work;
  }

  /** Whether both are equal; a number that is none equals nothing. */
  boolean equal(PropertyValue a, PropertyValue b) {
    work.step();
    if (isNumber(a) && isNumber(b)) {
      return !isNan(a) && !isNan(b) && compareNumbers(a, b) == 0;
    }
    if (a instanceof PropertyValue.Elements list && b instanceof PropertyValue.Elements other) {
      return equalLists(list.values(), other.values());
    }
    if (Containers.isMap(a) && Containers.isMap(b)) {
      return equalMaps(a, b);
    }
    if (a instanceof PropertyValue.Message message && b instanceof PropertyValue.Message other) {
      return message.wire().get().equals(other.wire().get());
    }
    if (a instanceof PropertyValue.Text text) {
      work.bytes(text.bytes().size());
    }
    if (a instanceof PropertyValue.Bytes bytes) {
      work.bytes(bytes.bytes().size());
    }
    return a.equals(b);
  }

  private boolean equalLists(List<PropertyValue> a, List<PropertyValue> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean equalMaps(PropertyValue a, PropertyValue b) {
    Containers containers = new Containers(work);
    if (containers.size(a) != containers.size(b)) {
      return false;
    }
    for (PropertyValue key : containers.keys(a)) {
      work.step();
      if (!containers.contains(b, key) || !equal(containers.at(a, key), containers.at(b, key))) {
        return false;
      }
    }
    return true;
  }

  /** Negative for less, positive for greater; empty when a number is none. */
  OptionalInt compare(String function, PropertyValue a, PropertyValue b) {
    if (isNumber(a) && isNumber(b)) {
      return isNan(a) || isNan(b) ? OptionalInt.empty() : OptionalInt.of(compareNumbers(a, b));
    }
    return OptionalInt.of(compareOthers(function, a, b));
  }

  private int compareOthers(String function, PropertyValue a, PropertyValue b) {
    if (a instanceof PropertyValue.Text text && b instanceof PropertyValue.Text other) {
      work.bytes(text.bytes().size());
      return text.bytes().compareTo(other.bytes());
    }
    if (a instanceof PropertyValue.Bytes bytes && b instanceof PropertyValue.Bytes other) {
      work.bytes(bytes.bytes().size());
      return bytes.bytes().compareTo(other.bytes());
    }
    if (a instanceof PropertyValue.Flag flag && b instanceof PropertyValue.Flag other) {
      return Boolean.compare(flag.value(), other.value());
    }
    if (a instanceof PropertyValue.Timestamp time && b instanceof PropertyValue.Timestamp other) {
      return time.value().compareTo(other.value());
    }
    if (a instanceof PropertyValue.Span span && b instanceof PropertyValue.Span other) {
      return span.value().compareTo(other.value());
    }
    throw EvaluationException.noOverload(function);
  }

  private static boolean isNumber(PropertyValue value) {
    return value instanceof PropertyValue.Int
        || value instanceof PropertyValue.Uint
        || value instanceof PropertyValue.Num;
  }

  private static boolean isNan(PropertyValue value) {
    return value instanceof PropertyValue.Num number && Double.isNaN(number.value());
  }

  private static int compareNumbers(PropertyValue a, PropertyValue b) {
    if (a instanceof PropertyValue.Int x && b instanceof PropertyValue.Int y) {
      return Long.compare(x.value(), y.value());
    }
    if (a instanceof PropertyValue.Uint x && b instanceof PropertyValue.Uint y) {
      return Long.compareUnsigned(x.bits(), y.bits());
    }
    if (a instanceof PropertyValue.Int x && b instanceof PropertyValue.Uint y) {
      return x.value() < 0 ? -1 : Long.compareUnsigned(x.value(), y.bits());
    }
    if (a instanceof PropertyValue.Uint && b instanceof PropertyValue.Int) {
      return -compareNumbers(b, a);
    }
    double x = Conversions.toDouble(a);
    double y = Conversions.toDouble(b);
    // Unlike Double.compare, both zeros are equal.
    return x == y ? 0 : x < y ? -1 : 1;
  }
}
