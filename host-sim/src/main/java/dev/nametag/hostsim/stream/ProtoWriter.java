package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import java.io.ByteArrayOutputStream;

/** Writes protobuf's wire format, in the order of the calls. */
final class ProtoWriter {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtoWriter varint(int field, long value) {
    tag(field, VARINT);
    raw(value);
    return this;
  }

  ProtoWriter fixed64(int field, long bits) {
    tag(field, FIXED64);
    for (int i = 0; i < Long.BYTES; i++) {
      out.write((int) (bits >>> (8 * i)));
    }
    return this;
  }

  ProtoWriter bytes(int field, ByteString bytes) {
    tag(field, LENGTH);
    raw(bytes.size());
    out.writeBytes(bytes.toByteArray());
    return this;
  }

  ProtoWriter message(int field, ProtoWriter message) {
    return bytes(field, message.done());
  }

  ByteString done() {
    return ByteString.of(out.toByteArray());
  }

  private void tag(int field, int type) {
    raw((long) field << 3 | type);
  }

  private void raw(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
