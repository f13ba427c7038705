package dev.nametag.hostsim.bytes;

import java.io.ByteArrayOutputStream;

/** Writes protobuf's wire format, in the order of the calls. Source: Protocol Buffers, Encoding. */
public final class ProtoWriter {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Writes a whole number, a truth value or an enum. */
  public ProtoWriter varint(int field, long value) {
    tag(field, VARINT);
    raw(value);
    return this;
  }

  /** Writes a whole number that may be negative: a sint32 or sint64. */
  public ProtoWriter zigzag(int field, long value) {
    return varint(field, value << 1 ^ value >> 63);
  }

  /** Writes the bits of a double or of eight bytes. */
  public ProtoWriter fixed64(int field, long bits) {
    tag(field, FIXED64);
    for (int i = 0; i < Long.BYTES; i++) {
      out.write((int) (bits >>> (8 * i)));
    }
    return this;
  }

  /** Writes bytes or a text. */
  public ProtoWriter bytes(int field, ByteString bytes) {
    tag(field, LENGTH);
    raw(bytes.size());
    out.writeBytes(bytes.toByteArray());
    return this;
  }

  /** Writes a message, also an empty one. */
  public ProtoWriter message(int field, ProtoWriter message) {
    return bytes(field, message.done());
  }

  /** Writes the fields that others were written to. */
  public ProtoWriter append(ProtoWriter fields) {
    out.writeBytes(fields.out.toByteArray());
    return this;
  }

  /** What was written, with its length before it. */
  public ByteString delimited() {
    ProtoWriter length = new ProtoWriter();
    length.raw(out.size());
    return length.done().concat(done());
  }

  /** What was written. */
  public ByteString done() {
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
