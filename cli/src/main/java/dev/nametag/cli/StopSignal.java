package dev.nametag.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a command run until it is told to stop: by SIGINT or SIGTERM, or by an interrupt of its
 * thread. After a signal the JVM ends when this is closed, with status 0: it was an orderly end.
 * Before the command is ready, a signal ends the JVM as it would without this.
 */
final class StopSignal implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::endJvm, "stop-signal");
  private volatile boolean ready;

  private StopSignal() {}

  /** Hears signals from now on. */
  static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** There is something to end in an orderly way from now on. */
  void ready() {
    ready = true;
  }

  /** Waits for the end. */
  void await() {
    try {
      asked.await();
    } catch (InterruptedException e) {
      // That is the end, too.
    }
  }

  /** A JVM that a signal ends would say so in its exit status. */
  private void endJvm() {
    asked.countDown();
    if (!ready) {
      return;
    }
    try {
      done.await();
      Runtime.getRuntime().halt(0);
    } catch (InterruptedException e) {
      // The JVM ends as it would have without this.
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and waits for this.
      done.countDown();
    }
  }
}
