package dev.nametag.hostsim.expression;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Maps, lists and messages.
 *
 * <p>Source: cel-cpp eval/eval/select_step.cc and container_access_step.cc,
 * runtime/standard/container_functions.cc and container_membership_functions.cc. That places of
 * Envoy have no size and cannot be walked through: Envoy
 * source/extensions/filters/common/expr/context.h, BaseWrapper.
 */
final class Containers {

  private final Work work;

  Containers(Work work) {
    this.work = work;
  }

  static boolean isMap(PropertyValue value) {
    return value instanceof PropertyValue.Fields
        || value instanceof PropertyValue.Entries
        || value instanceof PropertyValue.Listed
        || value instanceof PropertyValue.Branch;
  }

  /** Whether a map can have such a key. */
  static boolean isKey(PropertyValue value) {
    return value instanceof PropertyValue.Text
        || value instanceof PropertyValue.Int
        || value instanceof PropertyValue.Uint
        || value instanceof PropertyValue.Flag;
  }

  /** The field of a message or the value of a map, as {@code a.b} writes it. */
  PropertyValue field(PropertyValue value, ByteString name) {
    if (!isMap(value) && !(value instanceof PropertyValue.Message)) {
      throw new EvaluationException("Applying SELECT to non-message type");
    }
    return child(value, name).orElseThrow(() -> new EvaluationException("no such key: " + name));
  }

  /** Whether the map has the key, or the field of the message something in it. */
  boolean hasField(PropertyValue value, ByteString name) {
    return isMap(value) ? child(value, name).isPresent() : isSet(field(value, name));
  }

  private Optional<PropertyValue> child(PropertyValue value, ByteString name) {
    work.bytes(name.size());
    if (!(value instanceof PropertyValue.Entries) && !(value instanceof PropertyValue.Fields)) {
      work.look();
    }
    return value.child(name);
  }

  private static boolean isSet(PropertyValue field) {
    if (field instanceof PropertyValue.Text text) {
      return !text.bytes().isEmpty();
    }
    return !(field instanceof PropertyValue.Fields fields) || !fields.values().isEmpty();
  }

  /** What {@code container[key]} is. */
  PropertyValue at(PropertyValue container, PropertyValue key) {
    if (container instanceof PropertyValue.Elements list) {
      PropertyValue index = wholeNumber(key);
      if (!(index instanceof PropertyValue.Int number)) {
        throw new EvaluationException("Index error: expected integer type, got " + Types.of(key));
      }
      if (number.value() < 0 || number.value() >= list.values().size()) {
        throw new EvaluationException("Index error: index=" + number.value());
      }
      return list.values().get((int) number.value());
    }
    if (!isMap(container)) {
      throw new EvaluationException("Invalid container type: '" + Types.of(container) + "'");
    }
    if (!isKey(key) && !(key instanceof PropertyValue.Num)) {
      throw new EvaluationException("Invalid map key type: '" + Types.of(key) + "'");
    }
    return lookUp(container, key)
        .orElseThrow(() -> new EvaluationException("Key not found in map : " + key));
  }

  /** Numbers of any type find the key that equals them. */
  private Optional<PropertyValue> lookUp(PropertyValue map, PropertyValue key) {
    if (key instanceof PropertyValue.Text text) {
      return child(map, text.bytes());
    }
    if (!(map instanceof PropertyValue.Entries entries)) {
      return Optional.empty();
    }
    Optional<PropertyValue> found = Optional.ofNullable(entries.values().get(key));
    PropertyValue whole = wholeNumber(key);
    if (found.isPresent() || !isKey(whole)) {
      return found;
    }
    PropertyValue otherSign =
        whole instanceof PropertyValue.Int number && number.value() >= 0
            ? new PropertyValue.Uint(number.value())
            : whole;
    return Optional.ofNullable(entries.values().get(whole))
        .or(() -> Optional.ofNullable(entries.values().get(otherSign)));
  }

  /** A number that is whole as an Int, if one holds it; anything else as it is. */
  private static PropertyValue wholeNumber(PropertyValue value) {
    if (value instanceof PropertyValue.Uint number && number.bits() >= 0) {
      return new PropertyValue.Int(number.bits());
    }
    if (value instanceof PropertyValue.Num number
        && number.value() == Math.rint(number.value())
        && Math.abs(number.value()) < 0x1p63) {
      return new PropertyValue.Int((long) number.value());
    }
    return value;
  }

  /** Whether the value is in the list, or a key of the map. */
  boolean contains(PropertyValue container, PropertyValue value) {
    if (container instanceof PropertyValue.Elements list) {
      Equality equality = new Equality(work);
      return list.values().stream().anyMatch(element -> equality.equal(element, value));
    }
    if (!isMap(container) || (!isKey(value) && !(value instanceof PropertyValue.Num))) {
      throw EvaluationException.noOverload("@in");
    }
    return lookUp(container, value).isPresent();
  }

  int size(PropertyValue value) {
    if (value instanceof PropertyValue.Elements list) {
      return list.values().size();
    }
    if (value instanceof PropertyValue.Fields fields) {
      return fields.values().size();
    }
    return value instanceof PropertyValue.Branch ? 0 : keys(value).size();
  }

  /** What a loop goes through: the elements of a list, the keys of a map. */
  Iterable<PropertyValue> range(PropertyValue value) {
    if (value instanceof PropertyValue.Elements list) {
      return list.values();
    }
    if (!isMap(value)) {
      throw EvaluationException.noOverload("comprehension");
    }
    return keys(value);
  }

  /** The keys of a map. */
  Collection<PropertyValue> keys(PropertyValue map) {
    if (map instanceof PropertyValue.Entries entries) {
      return entries.values().keySet();
    }
    if (map instanceof PropertyValue.Fields fields) {
      return texts(fields.values().keySet());
    }
    if (map instanceof PropertyValue.Listed listed) {
      work.look();
      return texts(listed.whole().get().values().keySet());
    }
    throw new AbortedException("ListKeys() is not implemented");
  }

  private List<PropertyValue> texts(Set<ByteString> names) {
    work.elements(names.size());
    List<PropertyValue> texts = new ArrayList<>();
    names.forEach(name -> texts.add(new PropertyValue.Text(name)));
    return texts;
  }
}
