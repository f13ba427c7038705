package dev.nametag.hostsim.v8;

import com.caoccao.javet.interop.V8Runtime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends a module that does not return once its thread is interrupted, which V8 by itself does not
 * look at.
 */
final class Interruption {

  private static final long PERIOD_MILLIS = 50;

  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "v8-interruption");
            thread.setDaemon(true);
            return thread;
          });

  private final ScheduledFuture<?> watching;

  private Interruption(ScheduledFuture<?> watching) {
    this.watching = watching;
  }

  /** Watches the calling thread until {@link #close}. */
  static Interruption watch(V8Runtime isolate) {
    Thread caller = Thread.currentThread();
    return new Interruption(
        WATCH.scheduleAtFixedRate(
            () -> {
              if (caller.isInterrupted()) {
                isolate.terminateExecution();
              }
            },
            PERIOD_MILLIS,
            PERIOD_MILLIS,
            TimeUnit.MILLISECONDS));
  }

  /** Stops watching. */
  void close() {
    watching.cancel(false);
  }
}
