package dev.nametag.hostsim.time;

import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a thread of Envoy has still to do, by time and then in the order in which it was added. Any
 * thread may add; one at a time runs.
 */
public final class EventLoop {

  private static final long LONGEST_WAIT_NANOS = TimeUnit.HOURS.toNanos(1);

  private final SimClock clock;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::dueNanos).thenComparingLong(Event::number));

  private long nextNumber;
  private boolean closed;

  /** An empty loop. */
  public EventLoop(SimClock clock) {
    this.clock = clock;
  }

  /** Something that is to be done at a time. */
  public record Event(long dueNanos, long number, Runnable action) {}

  /** Adds what is to be done as soon as the thread is free. */
  public void post(Runnable action) {
    after(0, action);
  }

  /** Adds what is to be done later. */
  public synchronized Event after(long delayNanos, Runnable action) {
    Event event = new Event(clock.monotonicNanos() + delayNanos, nextNumber++, action);
    if (!closed) {
      events.add(event);
      notifyAll();
    }
    return event;
  }

  /** Takes back what has not been done so far. */
  public synchronized void cancel(Event event) {
    events.remove(event);
  }

  /** When the next event is due, as {@link SimClock#monotonicNanos} counts. */
  public synchronized OptionalLong nextDueNanos() {
    return events.isEmpty() ? OptionalLong.empty() : OptionalLong.of(events.peek().dueNanos());
  }

  /** Runs the next event if it is due, and says whether there was one. */
  public boolean runNext() {
    Optional<Event> next = takeDue();
    next.ifPresent(event -> event.action().run());
    return next.isPresent();
  }

  private synchronized Optional<Event> takeDue() {
    boolean due = !events.isEmpty() && events.peek().dueNanos() <= clock.monotonicNanos();
    return due ? Optional.of(events.remove()) : Optional.empty();
  }

  /**
   * Returns when an event is due. Only for a clock that goes on by itself.
   *
   * @return false when the loop has been closed
   */
  public synchronized boolean awaitDue() {
    while (!closed) {
      long wait =
          events.isEmpty()
              ? LONGEST_WAIT_NANOS
              : Math.min(LONGEST_WAIT_NANOS, events.peek().dueNanos() - clock.monotonicNanos());
      if (wait <= 0) {
        return true;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, wait);
      } catch (InterruptedException e) {
        // Nobody has a reason to; the end is said by closing.
      }
    }
    return false;
  }

  /** Forgets everything, and wakes who waits. */
  public synchronized void close() {
    closed = true;
    events.clear();
    notifyAll();
  }
}
