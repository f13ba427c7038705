package dev.nametag.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends the process if an orderly end takes too long: a module's callback that never returns cannot
 * be waited for.
 */
final class LastResort implements AutoCloseable {
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Ends the process with status 1 after this time, unless this is closed before. */
  void endIn(Duration time, PrintWriter err) {
    Thread thread =
        new Thread(
            () -> {
              try {
                if (!ended.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                  err.println("stopped without waiting for a callback of the module to return");
                  err.flush();
                  Runtime.getRuntime().halt(1);
                }
              } catch (InterruptedException e) {
                // Nobody interrupts it; without it the end may take longer.
              }
            },
            "last-resort");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
