package dev.nametag.hostsim.time;

import java.time.Instant;

/** What a simulated Envoy takes the time from; safe for use by many threads. */
public interface SimClock {

  /** Nanoseconds since 1970. */
  long epochNanos();

  /** Nanoseconds since some point; never goes back. */
  long monotonicNanos();

  /** Returns when {@link #monotonicNanos} has come to that. */
  void waitUntil(long monotonicNanos);

  /** The time of the machine. */
  static SimClock system() {
    return SystemClock.INSTANCE;
  }

  /** The time of the machine. */
  enum SystemClock implements SimClock {
    INSTANCE;

    @Override
    public long epochNanos() {
      Instant now = Instant.now();
      return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public long monotonicNanos() {
      return System.nanoTime();
    }

    /** Returns early when the thread is interrupted, which stays noted on it. */
    @Override
    public void waitUntil(long monotonicNanos) {
      long left = monotonicNanos - monotonicNanos();
      if (left <= 0) {
        return;
      }
      try {
        Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
