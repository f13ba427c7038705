package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A value that a property path leads to. */
public sealed interface PropertyValue {

  /** A string or bytes, given to the guest as they are. */
  record Text(ByteString bytes) implements PropertyValue {}

  /** A whole number, or a point or span of time in nanoseconds: 8 bytes, little-endian. */
  record Int(long value) implements PropertyValue {}

  /** A number of dynamic metadata, always a double: 8 bytes, little-endian. */
  record Num(double value) implements PropertyValue {}

  /** A truth value: 1 byte. */
  record Flag(boolean value) implements PropertyValue {}

  /** Null, which cannot be given to a guest and makes all that contains it unreadable. */
  record Null() implements PropertyValue {}

  /** Named values: given as pairs. */
  record Fields(Map<ByteString, PropertyValue> values) implements PropertyValue {
    public Fields {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }

  /** Values in a row: given as pairs with the elements for keys and empty values. */
  record Elements(List<PropertyValue> values) implements PropertyValue {
    public Elements {
      values = List.copyOf(values);
    }
  }

  /**
   * A place that only leads on.
   *
   * @param whole the answer to a guest that asks for the place itself
   */
  record Branch(Function<ByteString, Optional<PropertyValue>> child, WasmResult whole)
      implements PropertyValue {}

  /**
   * A map whose names can be listed: given as pairs.
   *
   * @param whole makes the pairs when a guest asks for the whole
   */
  record Listed(Function<ByteString, Optional<PropertyValue>> child, Supplier<Fields> whole)
      implements PropertyValue {}

  /**
   * A protobuf message: given in its wire format, or led on by the names of its fields.
   *
   * @param wire makes the bytes when a guest asks for the whole
   */
  record Message(Function<ByteString, Optional<PropertyValue>> child, Supplier<ByteString> wire)
      implements PropertyValue {}

  /** Text in UTF-8. */
  static PropertyValue text(String text) {
    return new Text(ByteString.utf8(text));
  }

  /**
   * What a protobuf Struct can hold, from Java: {@code null}, String, ByteString and byte[] (for
   * strings that are not UTF-8), Boolean, any Number (as a double), Map with String keys, List.
   *
   * @throws IllegalArgumentException for anything else
   */
  static PropertyValue ofStruct(Object value) {
    if (value == null) {
      return new Null();
    }
    if (value instanceof PropertyValue property) {
      return property;
    }
    if (value instanceof String text) {
      return text(text);
    }
    if (value instanceof ByteString bytes) {
      return new Text(bytes);
    }
    if (value instanceof byte[] bytes) {
      return new Text(ByteString.of(bytes));
    }
    if (value instanceof Boolean flag) {
      return new Flag(flag);
    }
    if (value instanceof Number number) {
      return new Num(number.doubleValue());
    }
    if (value instanceof Map<?, ?> map) {
      Map<ByteString, PropertyValue> fields = new LinkedHashMap<>();
      map.forEach((key, child) -> fields.put(ByteString.utf8((String) key), ofStruct(child)));
      return new Fields(fields);
    }
    if (value instanceof List<?> list) {
      List<PropertyValue> elements = new ArrayList<>();
      list.forEach(element -> elements.add(ofStruct(element)));
      return new Elements(elements);
    }
    throw new IllegalArgumentException("no Struct holds a " + value.getClass().getName());
  }
}
