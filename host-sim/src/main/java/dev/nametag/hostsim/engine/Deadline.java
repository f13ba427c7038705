package dev.nametag.hostsim.engine;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Ends what runs for too long, by interrupting its thread; engines make a trap of that. Envoy has
 * no such thing: a module that never returns blocks its worker for ever.
 */
public final class Deadline {

  /** No end. */
  public static final Deadline NONE = new Deadline(Duration.ZERO);

  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          action -> {
            Thread thread = new Thread(action, "host-sim deadline");
            thread.setDaemon(true);
            return thread;
          });

  private final long nanos;

  /** A limit; zero for none. */
  public Deadline(Duration limit) {
    this.nanos = limit.toNanos();
  }

  /** Where a run is. */
  private enum State {
    RUNNING,
    INTERRUPTING,
    INTERRUPTED,
    DONE
  }

  /**
   * Runs the action in this thread.
   *
   * @throws WasmTrapException when it has been ended
   */
  public long run(LongSupplier action) {
    if (nanos == 0) {
      return action.getAsLong();
    }
    Thread runner = Thread.currentThread();
    AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    Future<?> end =
        TIMER.schedule(
            () -> {
              if (state.compareAndSet(State.RUNNING, State.INTERRUPTING)) {
                runner.interrupt();
                state.set(State.INTERRUPTED);
              }
            },
            nanos,
            TimeUnit.NANOSECONDS);
    try {
      return action.getAsLong();
    } catch (WasmTrapException e) {
      throw state.get() == State.RUNNING
          ? e
          : new WasmTrapException("deadline of " + Duration.ofNanos(nanos) + " exceeded", e);
    } finally {
      if (!state.compareAndSet(State.RUNNING, State.DONE)) {
        while (state.get() != State.INTERRUPTED) {
          Thread.onSpinWait();
        }
        // The interruption was ours and has done its work.
        Thread.interrupted();
      }
      end.cancel(false);
    }
  }
}
