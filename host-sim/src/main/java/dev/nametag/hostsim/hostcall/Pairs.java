package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
}
