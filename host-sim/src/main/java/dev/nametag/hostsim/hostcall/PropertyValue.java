package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A value that a property path or an expression leads to, with the type that it has in Envoy. Its
 * form for a guest is made by {@link PropertyBytes}.
 *
 * <p>Source: Envoy source/extensions/filters/common/expr/context.cc; cel-cpp
 * eval/public/cel_value.h.
 */
public sealed interface PropertyValue {

  /** What lies below, by its name; empty when there is nothing, or nothing lies below. */
  default Optional<PropertyValue> child(ByteString name) {
    return Optional.empty();
  }

  /** A string. */
  record Text(ByteString bytes) implements PropertyValue {}

  /** Bytes, which no expression takes for a string. */
  record Bytes(ByteString bytes) implements PropertyValue {}

  /** A whole number. */
  record Int(long value) implements PropertyValue {}

  /** A whole number of 64 bits without a sign. */
  record Uint(long bits) implements PropertyValue {}

  /** A number, as all of dynamic metadata are. */
  record Num(double value) implements PropertyValue {}

  /** A truth value. */
  record Flag(boolean value) implements PropertyValue {}

  /** A point in time. */
  record Timestamp(Instant value) implements PropertyValue {}

  /** A span of time. */
  record Span(Duration value) implements PropertyValue {}

  /** Null, which cannot be given to a guest and makes all that contains it unreadable. */
  record Null() implements PropertyValue {}

  /** The name of a type, which only expressions have; it cannot be given to a guest either. */
  record Type(String name) implements PropertyValue {}

  /** Named values. */
  record Fields(Map<ByteString, PropertyValue> values) implements PropertyValue {
    public Fields {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    @Override
    public Optional<PropertyValue> child(ByteString name) {
      return Optional.ofNullable(values.get(name));
    }
  }

  /** Values by keys that are strings, whole numbers or truth values: a map of an expression. */
  record Entries(Map<PropertyValue, PropertyValue> values) implements PropertyValue {
    public Entries {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    @Override
    public Optional<PropertyValue> child(ByteString name) {
      return Optional.ofNullable(values.get(new Text(name)));
    }
  }

  /** Values in a row. */
  record Elements(List<PropertyValue> values) implements PropertyValue {
    public Elements {
      values = List.copyOf(values);
    }
  }

  /**
   * A place that only leads on.
   *
   * @param find what lies below
   * @param whole the answer to a guest that asks for the place itself
   */
  record Branch(Function<ByteString, Optional<PropertyValue>> find, WasmResult whole)
      implements PropertyValue {
    @Override
    public Optional<PropertyValue> child(ByteString name) {
      return find.apply(name);
    }
  }

  /**
   * A map whose names can be listed.
   *
   * @param find what lies below
   * @param whole makes all of it when somebody asks for the whole
   */
  record Listed(Function<ByteString, Optional<PropertyValue>> find, Supplier<Fields> whole)
      implements PropertyValue {
    @Override
    public Optional<PropertyValue> child(ByteString name) {
      return find.apply(name);
    }
  }

  /**
   * A protobuf message.
   *
   * @param find its fields; one that is not set is there with nothing in it
   * @param wire makes its wire format when somebody asks for the whole
   */
  record Message(Function<ByteString, Optional<PropertyValue>> find, Supplier<ByteString> wire)
      implements PropertyValue {
    @Override
    public Optional<PropertyValue> child(ByteString name) {
      return find.apply(name);
    }
  }

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
