package dev.nametag.hostsim;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Flushes stats at an interval, in a thread of its own. */
final class StatsFlusher {

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "stats-flush");
            thread.setDaemon(true);
            return thread;
          });

  StatsFlusher(Duration interval, Runnable flush) {
    ScheduledFuture<?> flushing =
        timer.scheduleAtFixedRate(
            flush, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    if (flushing.isDone()) {
      throw new IllegalStateException("stats cannot be flushed every " + interval);
    }
  }

  void close() {
    timer.shutdownNow();
  }
}
