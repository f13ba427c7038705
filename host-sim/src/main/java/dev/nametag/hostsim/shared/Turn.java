package dev.nametag.hostsim.shared;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one thing at a time happen in a thread of Envoy, in the order in which they come. */
public final class Turn {

  private final ReentrantLock lock = new ReentrantLock(true);

  /** Does something when its turn has come. */
  public <T> T take(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Does something when its turn has come. */
  public void run(Runnable action) {
    take(
        () -> {
          action.run();
          return null;
        });
  }

  /** Does something if its turn comes in that time, and says whether it did. */
  public boolean takeWithin(Duration patience, Runnable action) {
    if (!tryLock(patience)) {
      return false;
    }
    try {
      action.run();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** As if the thread were not interrupted, which stays noted on it. */
  private boolean tryLock(Duration patience) {
    boolean interrupted = false;
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        try {
          return lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
