package dev.nametag.hostsim.stats;

import java.util.concurrent.atomic.AtomicLong;

/** A sum of unsigned 64-bit values, shared by all workers. */
public final class Counter {

  private final AtomicLong value = new AtomicLong();
  private final boolean kept;
  private volatile boolean used;
  private long latched;

  /** One that is not kept is always zero. */
  Counter(boolean kept) {
    this.kept = kept;
  }

  /** Adds to the sum; adding zero marks the counter as used, too. */
  public void add(long amount) {
    if (kept) {
      value.addAndGet(amount);
      used = true;
    }
  }

  /** The sum now, unsigned. */
  public long value() {
    return value.get();
  }

  /** What has been added since this was asked before. */
  synchronized long latch() {
    long now = value.get();
    long added = now - latched;
    latched = now;
    return added;
  }

  boolean used() {
    return used;
  }
}
