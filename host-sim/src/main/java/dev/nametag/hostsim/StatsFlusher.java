package dev.nametag.hostsim;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Flushes stats at an interval, in a thread of its own. */
final class StatsFlusher {

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "stats-flush");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Flushes from now on.
   *
   * @param fault told of what fails, which is a fault of this host and ends no more than one flush
   */
  StatsFlusher(Duration interval, Runnable flush, Consumer<Throwable> fault) {
    Runnable surviving =
        () -> {
          try {
            flush.run();
          } catch (RuntimeException | Error e) {
            fault.accept(e);
          }
        };
    ScheduledFuture<?> flushing =
        timer.scheduleAtFixedRate(
            surviving, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    if (flushing.isDone()) {
      throw new IllegalStateException("stats cannot be flushed every " + interval);
    }
  }

  void close() {
    timer.shutdownNow();
  }
}
