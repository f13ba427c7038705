package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a protobuf message by number, the last of each: all that the small messages of the
 * ABI's surroundings need. Source: Protocol Buffers, Encoding.
 */
public final class ProtoFields {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int MAX_VARINT_BITS = 64;

  private final Map<Integer, ByteString> texts = new HashMap<>();
  private final Map<Integer, Long> numbers = new HashMap<>();
  private final ByteString bytes;

  private int at;

  private ProtoFields(ByteString bytes) {
    this.bytes = bytes;
  }

  /** Reads a message; empty when the bytes are none. */
  public static Optional<ProtoFields> parse(ByteString bytes) {
    ProtoFields fields = new ProtoFields(bytes);
    try {
      while (fields.at < bytes.size()) {
        fields.readField();
      }
      return Optional.of(fields);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** The text or bytes of a field, empty when it is not there. */
  public ByteString bytes(int field) {
    return texts.getOrDefault(field, ByteString.EMPTY);
  }

  /** Whether a field of text, bytes or a message is there. */
  public boolean has(int field) {
    return texts.containsKey(field);
  }

  /** The number in a field, 0 when it is not there. */
  public long number(int field) {
    return numbers.getOrDefault(field, 0L);
  }

  private void readField() {
    long tag = varint();
    int field = (int) (tag >>> 3);
    if (field == 0) {
      throw new MalformedException();
    }
    int wireType = (int) (tag & 7);
    if (wireType == VARINT) {
      numbers.put(field, varint());
    } else if (wireType == BYTES) {
      texts.put(field, take(varint()));
    } else if (wireType == FIXED64) {
      take(Long.BYTES);
    } else if (wireType == FIXED32) {
      take(Integer.BYTES);
    } else {
      throw new MalformedException();
    }
  }

  private ByteString take(long size) {
    if (size < 0 || size > bytes.size() - at) {
      throw new MalformedException();
    }
    ByteString taken = bytes.slice(at, at + (int) size);
    at += (int) size;
    return taken;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
      if (at == bytes.size()) {
        throw new MalformedException();
      }
      byte next = bytes.byteAt(at++);
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedException();
  }

  /** Writes a field of text or bytes; none for an empty one. */
  static void write(ByteArrayOutputStream out, int field, ByteString value) {
    if (value.isEmpty()) {
      return;
    }
    out.write((field << 3) | BYTES);
    int rest = value.size();
    while (rest >= 0x80) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    out.writeBytes(value.toByteArray());
  }

  /** Writes a truth value; nothing for false. */
  static void write(ByteArrayOutputStream out, int field, boolean value) {
    if (value) {
      out.write(field << 3);
      out.write(1);
    }
  }

  /** The bytes are no message. */
  private static final class MalformedException extends RuntimeException {
    MalformedException() {
      super("no protobuf message", null, false, false);
    }
  }
}
