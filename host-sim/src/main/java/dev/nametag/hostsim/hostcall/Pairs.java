package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The ABI's form of a list of pairs: the number of pairs, the sizes of each key and value, all
 * little-endian u32, then each key and value followed by a zero byte. Source: proxy-wasm-cpp-host
 * src/pairs_util.cc.
 */
final class Pairs {

  private Pairs() {}

  static ByteString encode(List<Map.Entry<ByteString, ByteString>> pairs) {
    int size = Integer.BYTES;
    for (Map.Entry<ByteString, ByteString> pair : pairs) {
      size += 2 * Integer.BYTES + pair.getKey().size() + 1 + pair.getValue().size() + 1;
    }
    ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(pairs.size());
    for (Map.Entry<ByteString, ByteString> pair : pairs) {
      buffer.putInt(pair.getKey().size()).putInt(pair.getValue().size());
    }
    for (Map.Entry<ByteString, ByteString> pair : pairs) {
      buffer.put(pair.getKey().toByteArray()).put((byte) 0);
      buffer.put(pair.getValue().toByteArray()).put((byte) 0);
    }
    return ByteString.of(buffer.array());
  }

  /**
   * Reads what a guest wrote. A list that does not fit into its bytes is an empty one, as
   * PairsUtil::toPairs makes it.
   */
  static List<Header> headers(ByteString encoded) {
    byte[] bytes = encoded.toByteArray();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < Integer.BYTES) {
      return List.of();
    }
    long count = Integer.toUnsignedLong(buffer.getInt());
    long at = Integer.BYTES + count * 2 * Integer.BYTES;
    if (at > bytes.length) {
      return List.of();
    }
    List<Header> headers = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      long nameSize = Integer.toUnsignedLong(buffer.getInt());
      long valueSize = Integer.toUnsignedLong(buffer.getInt());
      long valueAt = at + nameSize + 1;
      long next = valueAt + valueSize + 1;
      if (next > bytes.length) {
        return List.of();
      }
      headers.add(
          new Header(
              encoded.slice((int) at, (int) (valueAt - 1)),
              encoded.slice((int) valueAt, (int) (next - 1))));
      at = next;
    }
    return headers;
  }
}
