package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ProtoWriter;

/**
 * The wire format of a protobuf Struct. Source: protobuf google/protobuf/struct.proto. Entries of
 * maps stand in the order in which they were set; Envoy's order is not specified.
 */
public final class StructMessage {

  private StructMessage() {}

  /** A Struct; anything but fields makes an empty one. */
  public static ProtoWriter of(PropertyValue value) {
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
      return out.message(5, of(value));
    }
    if (value instanceof PropertyValue.Elements elements) {
      ProtoWriter list = new ProtoWriter();
      elements.values().forEach(child -> list.message(1, value(child)));
      return out.message(6, list);
    }
    throw new IllegalStateException("no Struct holds " + value);
  }
}
