package dev.nametag.hostsim.shared;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Values by vm_id and key, each with the number of its last change. Source: proxy-wasm-cpp-host
 * src/shared_data.cc.
 */
public final class SharedData {

  private final Map<String, Map<ByteString, Versioned>> values = new HashMap<>();

  private int lastCas;

  SharedData() {}

  /**
   * A value.
   *
   * @param cas the number of the change that made it; never 0, and unique in the process
   */
  public record Versioned(ByteString value, int cas) {}

  /** The value now. */
  public synchronized Optional<Versioned> get(String vmId, ByteString key) {
    return Optional.ofNullable(values.getOrDefault(vmId, Map.of()).get(key));
  }

  /**
   * Sets a value.
   *
   * @param cas the number that the value must have for that; 0 for any. A value that is not there
   *     is set whatever the number.
   * @return whether it was set
   */
  public synchronized boolean set(String vmId, ByteString key, ByteString value, int cas) {
    Map<ByteString, Versioned> ofVm = values.computeIfAbsent(vmId, id -> new HashMap<>());
    Versioned before = ofVm.get(key);
    if (before != null && cas != 0 && cas != before.cas()) {
      return false;
    }
    lastCas = lastCas == -1 ? 1 : lastCas + 1;
    ofVm.put(key, new Versioned(value, lastCas));
    return true;
  }

  synchronized void delete(String vmId) {
    values.remove(vmId);
  }
}
