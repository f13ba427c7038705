package dev.nametag.hostsim.stats;

import java.util.concurrent.atomic.AtomicLong;

/**
 * An unsigned 64-bit value that goes up and down, shared by all workers.
 *
 * <p>Going below zero wraps around; that is derived from Envoy's code, which only asserts against
 * it in debug builds.
 */
public final class Gauge {

  private final AtomicLong value = new AtomicLong();
  private final boolean kept;
  private volatile boolean used;

  /** One that is not kept is always zero. */
  Gauge(boolean kept) {
    this.kept = kept;
  }

  /** Replaces the value. */
  public void set(long newValue) {
    if (kept) {
      value.set(newValue);
      used = true;
    }
  }

  /** Adds to the value. */
  public void add(long amount) {
    if (kept) {
      value.addAndGet(amount);
      used = true;
    }
  }

  /** Subtracts from the value; this alone does not mark the gauge as used. */
  public void subtract(long amount) {
    if (kept) {
      value.addAndGet(-amount);
    }
  }

  /** The value now, unsigned. */
  public long value() {
    return value.get();
  }

  boolean used() {
    return used;
  }
}
