package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.bytes.ProtoWriter;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.hostcall.StructMessage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Metadata by namespace, which as a whole is a protobuf message. Source: Envoy
 * api/envoy/config/core/v3/base.proto, Metadata. There is no typed metadata here.
 */
final class Metadata {

  private Metadata() {}

  /** What {@code metadata} and its like lead to. */
  static PropertyValue property(Map<ByteString, PropertyValue> namespaces) {
    PropertyValue fields = new PropertyValue.Fields(namespaces);
    return new PropertyValue.Message(
        name ->
            switch (name.toString()) {
              case "filter_metadata" -> Optional.of(fields);
              case "typed_filter_metadata" -> Optional.of(new PropertyValue.Fields(Map.of()));
              default -> Optional.empty();
            },
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
            metadata.message(
                1, new ProtoWriter().bytes(1, namespace).message(2, StructMessage.of(value))));
    return metadata.done();
  }
}
