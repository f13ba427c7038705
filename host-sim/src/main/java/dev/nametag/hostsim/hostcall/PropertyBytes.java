package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The form in which values are given to a guest: strings and bytes as they are; numbers, and time
 * as nanoseconds, in 8 bytes, little-endian; a truth value in 1 byte; a message in its wire format;
 * a map as pairs, a list as pairs with the elements for keys and empty values.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, serializeValue. That an empty map is
 * four zero bytes, and that time which has no place in 64 bits is the nearest that has one
 * (absl::ToUnixNanos), are derived from that code.
 */
final class PropertyBytes {

  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

  private long left;

  private PropertyBytes(long most) {
    this.left = most;
  }

  /**
   * The value's bytes.
   *
   * @param most so many bytes, about, may be written; more are SERIALIZATION_FAILURE
   * @throws UnreadableException when the value, or one inside it, has no form for the guest
   */
  static ByteString of(PropertyValue value, long most) {
    return new PropertyBytes(most).encode(value);
  }

  private ByteString encode(PropertyValue value) {
    ByteString encoded = bytes(value);
    left -= encoded.size() + 1L;
    if (left < 0) {
      throw new UnreadableException(WasmResult.SERIALIZATION_FAILURE);
    }
    return encoded;
  }

  private ByteString bytes(PropertyValue value) {
    if (value instanceof PropertyValue.Text text) {
      return text.bytes();
    }
    if (value instanceof PropertyValue.Bytes bytes) {
      return bytes.bytes();
    }
    if (value instanceof PropertyValue.Message message) {
      return message.wire().get();
    }
    if (value instanceof PropertyValue.Int number) {
      return number(number.value());
    }
    if (value instanceof PropertyValue.Uint number) {
      return number(number.bits());
    }
    if (value instanceof PropertyValue.Num number) {
      return number(Double.doubleToRawLongBits(number.value()));
    }
    if (value instanceof PropertyValue.Flag flag) {
      return ByteString.of((byte) (flag.value() ? 1 : 0));
    }
    if (value instanceof PropertyValue.Timestamp time) {
      return number(nanos(time.value()));
    }
    if (value instanceof PropertyValue.Span span) {
      return number(nanos(span.value()));
    }
    if (value instanceof PropertyValue.Listed listed) {
      return encode(listed.whole().get());
    }
    if (value instanceof PropertyValue.Fields fields) {
      List<Map.Entry<ByteString, ByteString>> pairs = new ArrayList<>();
      fields.values().forEach((key, child) -> pairs.add(Map.entry(key, encode(child))));
      return pairs(pairs);
    }
    if (value instanceof PropertyValue.Entries entries) {
      List<Map.Entry<ByteString, ByteString>> pairs = new ArrayList<>();
      entries.values().forEach((key, child) -> pairs.add(Map.entry(encode(key), encode(child))));
      return pairs(pairs);
    }
    if (value instanceof PropertyValue.Elements elements) {
      List<Map.Entry<ByteString, ByteString>> pairs = new ArrayList<>();
      elements.values().forEach(child -> pairs.add(Map.entry(encode(child), ByteString.EMPTY)));
      return pairs(pairs);
    }
    throw new UnreadableException(
        value instanceof PropertyValue.Branch branch
            ? branch.whole()
            : WasmResult.SERIALIZATION_FAILURE);
  }

  /** Each pair takes eight bytes for the sizes and two zero bytes. */
  private ByteString pairs(List<Map.Entry<ByteString, ByteString>> pairs) {
    left -= 10L * pairs.size();
    if (left < 0) {
      throw new UnreadableException(WasmResult.SERIALIZATION_FAILURE);
    }
    return Pairs.encode(pairs);
  }

  private static ByteString number(long value) {
    return ByteString.of(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private static long nanos(Instant time) {
    return nanos(time.getEpochSecond(), time.getNano());
  }

  private static long nanos(Duration span) {
    return nanos(span.getSeconds(), span.getNano());
  }

  private static long nanos(long seconds, int nanos) {
    BigInteger all =
        BigInteger.valueOf(seconds).multiply(NANOS_PER_SECOND).add(BigInteger.valueOf(nanos));
    if (all.bitLength() < Long.SIZE) {
      return all.longValueExact();
    }
    return all.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  /** A value, or one inside it, that has no form for the guest. */
  static final class UnreadableException extends RuntimeException {

    private final WasmResult result;

    UnreadableException(WasmResult result) {
      super(result.name(), null, false, false);
      this.result = result;
    }

    /** What the hostcall answers. */
    WasmResult result() {
      return result;
    }
  }
}
