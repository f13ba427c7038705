package dev.nametag.hostsim.shared;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/**
 * Queues by vm_id and name, known to modules by a token. Source: proxy-wasm-cpp-host
 * src/shared_queue.cc.
 */
public final class SharedQueues {

  private final Map<Key, Integer> tokens = new HashMap<>();
  private final Map<Integer, Queue> queues = new HashMap<>();

  private int lastToken;

  SharedQueues() {}

  private record Key(String vmId, ByteString name) {}

  private static final class Queue {
    private final Deque<ByteString> elements = new ArrayDeque<>();
    private IntConsumer ready = token -> {};
  }

  /**
   * Makes a queue, or takes one over with all that is in it: only who registered it last is told.
   *
   * @param ready told the token of the queue after each element, in the thread that adds it
   * @return the token, never 0
   */
  public synchronized int register(String vmId, ByteString name, IntConsumer ready) {
    int token = tokens.computeIfAbsent(new Key(vmId, name), key -> ++lastToken);
    queues.computeIfAbsent(token, t -> new Queue()).ready = ready;
    return token;
  }

  /** The token of a queue that somebody has registered. */
  public synchronized OptionalInt resolve(String vmId, ByteString name) {
    Integer token = tokens.get(new Key(vmId, name));
    return token == null ? OptionalInt.empty() : OptionalInt.of(token);
  }

  /** Whether there is such a queue. */
  public synchronized boolean exists(int token) {
    return queues.containsKey(token);
  }

  /** Takes the oldest element; there is none in a queue that does not exist. */
  public synchronized Optional<ByteString> dequeue(int token) {
    Queue queue = queues.get(token);
    return queue == null ? Optional.empty() : Optional.ofNullable(queue.elements.poll());
  }

  /** Adds an element and says whether there is such a queue. */
  public boolean enqueue(int token, ByteString element) {
    IntConsumer ready;
    synchronized (this) {
      Queue queue = queues.get(token);
      if (queue == null) {
        return false;
      }
      queue.elements.add(element);
      ready = queue.ready;
    }
    ready.accept(token);
    return true;
  }

  synchronized void delete(String vmId) {
    tokens
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = entry.getKey().vmId().equals(vmId);
              if (gone) {
                queues.remove(entry.getValue());
              }
              return gone;
            });
  }
}
