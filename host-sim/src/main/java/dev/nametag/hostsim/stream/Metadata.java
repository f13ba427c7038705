package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Metadata by namespace, which as a whole is a protobuf message.
 *
 * <p>Source: Envoy api/envoy/config/core/v3/base.proto, Metadata; protobuf
 * google/protobuf/struct.proto. Entries of maps stand in the order in which they were set; Envoy's
 * order is not specified.
 */
final class Metadata {

  private Metadata() {}

  /** What {@code metadata} and its like lead to. */
  static PropertyValue property(Map<ByteString, PropertyValue> namespaces) {
    PropertyValue fields = new PropertyValue.Fields(namespaces);
    return new PropertyValue.Message(
        name -> name.toString().equals("filter_metadata") ? Optional.of(fields) : Optional.empty(),
        () -> wire(namespaces));
  }

  /** The same for keys that are text. */
  static PropertyValue ofText(Map<String, PropertyValue> namespaces) {
    Map<ByteString, PropertyValue> keyed = new LinkedHashMap<>();
    namespaces.forEach((namespace, value) -> keyed.put(ByteString.utf8(namespace), value));
    return property(keyed);
  }

  private static ByteString wire(Map<ByteString, PropertyValue> namespaces) {
    ProtoWriter metadata = new ProtoWriter();
    namespaces.forEach(
        (namespace, value) ->
            metadata.message(1, new ProtoWriter().bytes(1, namespace).message(2, struct(value))));
    return metadata.done();
  }

  /** A Struct; anything but fields makes an empty one. */
  private static ProtoWriter struct(PropertyValue value) {
    ProtoWriter struct = new ProtoWriter();
    if (value instanceof PropertyValue.Fields fields) {
      fields
          .values()
          .forEach(
              (key, child) ->
                  struct.message(1, new ProtoWriter().bytes(1, key).message(2, value(child))));
    }
    return struct;
  }

  private static ProtoWriter value(PropertyValue value) {
    ProtoWriter out = new ProtoWriter();
    if (value instanceof PropertyValue.Null) {
      return out.varint(1, 0);
    }
    if (value instanceof PropertyValue.Num number) {
      return out.fixed64(2, Double.doubleToRawLongBits(number.value()));
    }
    if (value instanceof PropertyValue.Text text) {
      return out.bytes(3, text.bytes());
    }
    if (value instanceof PropertyValue.Flag flag) {
      return out.varint(4, flag.value() ? 1 : 0);
    }
    if (value instanceof PropertyValue.Fields) {
      return out.message(5, struct(value));
    }
    if (value instanceof PropertyValue.Elements elements) {
      ProtoWriter list = new ProtoWriter();
      elements.values().forEach(child -> list.message(1, value(child)));
      return out.message(6, list);
    }
    throw new IllegalStateException("no Struct holds " + value);
  }
}
