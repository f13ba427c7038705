package dev.nametag.hostsim.vm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.upstream.Clusters;
import dev.nametag.hostsim.upstream.DnsAnswer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Envoy's {@code envoy_resolve_dns}. Source: Envoy source/extensions/common/wasm/context.cc,
 * Context::onResolveDns, for the form of what is found.
 */
final class DnsLookups {

  private final PluginRoot root;
  private final Clusters clusters;

  DnsLookups(PluginRoot root, Clusters clusters) {
    this.root = root;
    this.clusters = clusters;
  }

  int start(ByteString name) {
    int token = root.vm().tokens().nextName();
    DnsAnswer answer = clusters.names().get(name.toString());
    root.vm().loop().post(() -> deliver(token, answer == null ? ByteString.EMPTY : encode(answer)));
    return token;
  }

  private void deliver(int token, ByteString found) {
    root.results().show(BufferType.CALL_DATA, found);
    root.call(Callback.ON_RESOLVE_DNS, token, found.size());
    root.results().clear();
  }

  private static ByteString encode(DnsAnswer answer) {
    int size = Integer.BYTES;
    for (String address : answer.addresses()) {
      size += Integer.BYTES + address.getBytes(UTF_8).length + 1;
    }
    ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(answer.addresses().size());
    answer.addresses().forEach(address -> buffer.putInt(answer.ttlSeconds()));
    answer.addresses().forEach(address -> buffer.put(address.getBytes(UTF_8)).put((byte) 0));
    return ByteString.of(buffer.array());
  }
}
