package dev.nametag.hostsim.engine;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends calls into modules that run for too long, by interrupting their thread; engines make a trap
 * of that. Envoy has no such thing: a module that never returns blocks its worker for ever.
 *
 * <p>One thread at a time runs calls under a deadline; any thread may tighten it.
 */
public final class Deadline {

  /** How long a host function may have taken the interruption for its own. */
  private static final long REPEAT_NANOS = 50_000_000;

  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private Limit limit;
  private Run running;

  /** A limit for each call; zero for none. */
  public Deadline(Duration limit) {
    this.limit = new Limit(limit.toNanos(), "deadline of " + limit + " exceeded");
  }

  /**
   * How long a call may run.
   *
   * @param nanos 0 for ever
   * @param message of the trap
   */
  private record Limit(long nanos, String message) {

    boolean endless() {
      return nanos == 0;
    }
  }

  /** A call. All that changes is guarded by the deadline. */
  private static final class Run {
    private final Thread thread = Thread.currentThread();
    private Future<?> end;
    private String ended;
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            action -> {
              Thread thread = new Thread(action, "host-sim deadline");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Runs the action in this thread. One within another is part of that.
   *
   * @throws WasmTrapException when it has been ended
   */
  public long run(LongSupplier action) {
    Run run = begin();
    if (run == null) {
      return action.getAsLong();
    }
    try {
      return action.getAsLong();
    } catch (WasmTrapException e) {
      String ended = ended(run);
      throw ended == null ? e : new WasmTrapException(ended, e);
    } finally {
      finish(run);
    }
  }

  /**
   * From now on, a call may take no longer than that; one that is running has that long from now. A
   * shorter limit stays.
   *
   * @param message of the trap of a call that takes longer
   */
  public synchronized void tighten(Duration to, String message) {
    if (!limit.endless() && limit.nanos() <= to.toNanos()) {
      return;
    }
    limit = new Limit(to.toNanos(), message);
    if (running != null) {
      watch(running);
    }
  }

  private synchronized Run begin() {
    if (running != null) {
      return null;
    }
    running = new Run();
    if (!limit.endless()) {
      watch(running);
    }
    return running;
  }

  private void watch(Run run) {
    if (run.end != null) {
      run.end.cancel(false);
    }
    Limit now = limit;
    run.end =
        TIMER.scheduleAtFixedRate(
            () -> interrupt(run, now), now.nanos(), REPEAT_NANOS, TimeUnit.NANOSECONDS);
  }

  private synchronized void interrupt(Run run, Limit by) {
    if (running == run) {
      run.ended = by.message();
      run.thread.interrupt();
    }
  }

  private synchronized String ended(Run run) {
    return run.ended;
  }

  private synchronized void finish(Run run) {
    running = null;
    if (run.end != null) {
      run.end.cancel(false);
    }
    if (run.ended != null) {
      // The interruption was ours and has done its work.
      Thread.interrupted();
    }
  }
}
