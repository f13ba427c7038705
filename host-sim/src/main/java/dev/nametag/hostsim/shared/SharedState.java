package dev.nametag.hostsim.shared;

import java.util.HashMap;
import java.util.Map;

/**
 * Shared data and shared queues of an Envoy process, safe for use by many threads. Simulated Envoys
 * that are given the same one are filters of one process.
 *
 * <p>Source: proxy-wasm-cpp-host src/vm_id_handle.cc: what belongs to a vm_id goes with its last
 * VM.
 */
public final class SharedState {

  private final SharedData data = new SharedData();
  private final SharedQueues queues = new SharedQueues();
  private final Map<String, Integer> users = new HashMap<>();
  private final Map<Integer, Turn> turns = new HashMap<>();

  /** The data. */
  public SharedData data() {
    return data;
  }

  /** The queues. */
  public SharedQueues queues() {
    return queues;
  }

  /**
   * Whose turn it is among all plugins of that worker thread.
   *
   * @param worker from zero
   */
  public synchronized Turn turn(int worker) {
    return turns.computeIfAbsent(worker, number -> new Turn());
  }

  /** Notes that there is one more user of the vm_id. */
  public synchronized void retain(String vmId) {
    users.merge(vmId, 1, Integer::sum);
  }

  /** Notes that there is one user less; with the last one, all of the vm_id goes. */
  public synchronized void release(String vmId) {
    if (users.merge(vmId, -1, Integer::sum) <= 0) {
      users.remove(vmId);
      data.delete(vmId);
      queues.delete(vmId);
    }
  }
}
