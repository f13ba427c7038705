package dev.nametag.hostsim.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved; who waits for a time moves it there. */
public final class ManualClock implements SimClock {

  private final long startEpochNanos;
  private final AtomicLong elapsedNanos = new AtomicLong();

  /** Starts at the beginning of 1970. */
  public ManualClock() {
    this(0);
  }

  /** Starts that many nanoseconds after 1970 began. */
  public ManualClock(long startEpochNanos) {
    this.startEpochNanos = startEpochNanos;
  }

  /** Moves the clock, and does nothing else: see {@code SimulatedEnvoy.advance} for events. */
  public void move(Duration by) {
    elapsedNanos.addAndGet(by.toNanos());
  }

  @Override
  public long epochNanos() {
    return startEpochNanos + elapsedNanos.get();
  }

  @Override
  public long monotonicNanos() {
    return elapsedNanos.get();
  }

  @Override
  public void waitUntil(long monotonicNanos) {
    elapsedNanos.accumulateAndGet(monotonicNanos, Math::max);
  }
}
