package dev.nametag.plugin;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.List;
import java.util.Map;

/** Structs as protobuf itself writes them. */
final class Structs {
  private Structs() {}

  /** Returns a Struct of {@code null}, String, Boolean, Number, Map with String keys and List. */
  static Struct of(Map<?, ?> map) {
    Struct.Builder struct = Struct.newBuilder();
    map.forEach((key, value) -> struct.putFields((String) key, value(value)));
    return struct.build();
  }

  static Value value(Object value) {
    Value.Builder out = Value.newBuilder();
    if (value instanceof String text) {
      return out.setStringValue(text).build();
    }
    if (value instanceof Boolean truth) {
      return out.setBoolValue(truth).build();
    }
    if (value instanceof Number number) {
      return out.setNumberValue(number.doubleValue()).build();
    }
    if (value instanceof Map<?, ?> map) {
      return out.setStructValue(of(map)).build();
    }
    if (value instanceof List<?> list) {
      ListValue.Builder elements = ListValue.newBuilder();
      list.forEach(element -> elements.addValues(value(element)));
      return out.setListValue(elements).build();
    }
    return out.setNullValue(NullValue.NULL_VALUE).build();
  }

  /** Returns metadata as a message: Envoy, api/envoy/config/core/v3/base.proto, Metadata. */
  static byte[] metadata(Map<?, PropertyValue> namespaces) {
    UnknownFieldSet.Field.Builder entries = UnknownFieldSet.Field.newBuilder();
    namespaces.forEach(
        (namespace, value) -> entries.addLengthDelimited(entry(namespace, struct(value))));
    return UnknownFieldSet.newBuilder().addField(1, entries.build()).build().toByteArray();
  }

  // Field by field, since the strings of these need not be UTF-8.

  private static ByteString struct(PropertyValue value) {
    UnknownFieldSet.Field.Builder entries = UnknownFieldSet.Field.newBuilder();
    ((PropertyValue.Fields) value)
        .values()
        .forEach((key, child) -> entries.addLengthDelimited(entry(key, wire(child))));
    return UnknownFieldSet.newBuilder().addField(1, entries.build()).build().toByteString();
  }

  private static ByteString entry(Object key, ByteString value) {
    return UnknownFieldSet.newBuilder()
        .addField(1, bytes(ByteString.copyFromUtf8(key.toString())))
        .addField(2, bytes(value))
        .build()
        .toByteString();
  }

  private static ByteString wire(PropertyValue value) {
    if (value instanceof PropertyValue.Text text) {
      return only(3, bytes(ByteString.copyFrom(text.bytes().toByteArray())));
    }
    if (value instanceof PropertyValue.Fields) {
      return only(5, bytes(struct(value)));
    }
    if (value instanceof PropertyValue.Elements elements) {
      UnknownFieldSet.Field.Builder items = UnknownFieldSet.Field.newBuilder();
      elements.values().forEach(item -> items.addLengthDelimited(wire(item)));
      return only(
          6, bytes(UnknownFieldSet.newBuilder().addField(1, items.build()).build().toByteString()));
    }
    if (value instanceof PropertyValue.Num number) {
      return value(number.value()).toByteString();
    }
    return value(value instanceof PropertyValue.Flag flag ? flag.value() : null).toByteString();
  }

  private static ByteString only(int number, UnknownFieldSet.Field field) {
    return UnknownFieldSet.newBuilder().addField(number, field).build().toByteString();
  }

  private static UnknownFieldSet.Field bytes(ByteString bytes) {
    return UnknownFieldSet.Field.newBuilder().addLengthDelimited(bytes).build();
  }
}
