package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;

/**
 * Goes through the fields of a protobuf message in memory, and never reads outside of it.
 *
 * <p>Source: Protocol Buffers documentation, Encoding. Groups, which nobody writes any more, are
 * taken for malformed.
 */
@HeapFree
final class Wire {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH_DELIMITED = 2;

  /** A tag is the field's number, shifted by this, and the type. */
  static final int TAG_SHIFT = 3;

  private static final int FIXED32 = 5;
  private static final int MAX_VARINT_BYTES = 10;

  private int at;
  private int end;

  /** Whether the bytes so far are no protobuf. */
  boolean malformed;

  /** The number and the type of the current field, as one number. */
  int tag;

  /** Where the current field's bytes are, if it is no varint. */
  int address;

  int size;

  /** The current field's number, if it is a varint. */
  long varint;

  /** Starts at the beginning of a message. */
  void open(int messageAddress, int messageSize) {
    at = messageAddress;
    end = messageAddress + messageSize;
    malformed = false;
  }

  /** Goes to the next field; returns whether there is one. */
  boolean next() {
    if (at >= end || malformed) {
      return false;
    }
    long number = readVarint();
    tag = (int) number;
    if (number >>> 32 != 0 || tag >>> TAG_SHIFT == 0) {
      malformed = true;
    }
    int type = tag & 7;
    if (malformed) {
      return false;
    }
    if (type == VARINT) {
      varint = readVarint();
    } else if (type == FIXED64) {
      skip(8);
    } else if (type == LENGTH_DELIMITED) {
      skip(readVarint());
    } else if (type == FIXED32) {
      skip(4);
    } else {
      malformed = true;
    }
    return !malformed;
  }

  private void skip(long count) {
    if (malformed || count < 0 || count > end - at) {
      malformed = true;
      return;
    }
    address = at;
    size = (int) count;
    at += size;
  }

  private long readVarint() {
    long number = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (at >= end) {
        break;
      }
      int b = Memory.getByte(at);
      at++;
      number |= (long) (b & 0x7f) << (7 * i);
      if (b < 0x80) {
        return number;
      }
    }
    malformed = true;
    return 0;
  }
}
