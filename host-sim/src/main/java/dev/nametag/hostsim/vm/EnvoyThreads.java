package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.shared.Turn;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.time.SimClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The threads of an Envoy: the main one, then the workers. With the machine's clock, each does what
 * is due by itself; with a {@link ManualClock}, whoever moves it does, one thing after the other.
 */
public final class EnvoyThreads {

  private static final int MAX_ROUNDS = 10;

  private final SimClock clock;
  private final List<EnvoyThread> threads = new ArrayList<>();
  private final List<EnvoyThread> all = new ArrayList<>();

  /** Threads that do nothing until {@link #start}. */
  public EnvoyThreads(BaseVm base, int workers) {
    clock = base.calls().clock();
    threads.add(new EnvoyThread(base, new Turn()));
    for (int i = 0; i < workers; i++) {
      threads.add(new EnvoyThread(base, base.calls().shared().turn(i)));
    }
    all.addAll(threads);
  }

  /** All of the filter, the main one first. */
  public List<EnvoyThread> all() {
    return List.copyOf(threads);
  }

  /** The main thread for a VM of another module. */
  public EnvoyThread mainFor(BaseVm other) {
    EnvoyThread beside = threads.get(0).beside(other);
    all.add(beside);
    return beside;
  }

  private boolean goByThemselves() {
    return clock == SimClock.system();
  }

  /** From now on, what is due is done. */
  public void start() {
    if (goByThemselves()) {
      for (EnvoyThread thread : all) {
        int worker = threads.indexOf(thread) - 1;
        thread.tick(worker < 0 ? "host-sim main thread" : "host-sim worker " + worker);
      }
    }
    runDue();
  }

  /**
   * Moves the clock on, and does on the way, at its time, all that becomes due.
   *
   * @throws IllegalStateException when the clock is the machine's
   */
  public void advance(Duration by) {
    if (goByThemselves()) {
      throw new IllegalStateException("the machine's clock cannot be moved");
    }
    long end = clock.monotonicNanos() + by.toNanos();
    runDue();
    for (long due = nextDueNanos(); due <= end; due = nextDueNanos()) {
      clock.waitUntil(due);
      runDue();
    }
    clock.waitUntil(end);
  }

  private long nextDueNanos() {
    return all.stream()
        .map(EnvoyThread::nextDueNanos)
        .flatMapToLong(OptionalLong::stream)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /**
   * Does what is due in all threads, unless they do so themselves; a few rounds, as one thread can
   * give another one work.
   */
  public void runDue() {
    boolean busy = !goByThemselves();
    for (int round = 0; busy && round < MAX_ROUNDS; round++) {
      busy = false;
      for (EnvoyThread thread : all) {
        busy |= thread.runDue();
      }
    }
  }

  /**
   * From now on, a call into the module may take no longer than that; one that is running has that
   * long from now. What takes longer traps.
   *
   * @param message of the trap
   */
  public void limitCalls(Duration limit, String message) {
    all.forEach(thread -> thread.limitCalls(limit, message));
  }

  /**
   * Ends the VMs and all that is to be done.
   *
   * @param patience with each thread
   * @return false when a thread was still at something, which goes on
   */
  public boolean end(Duration patience) {
    boolean ended = true;
    for (EnvoyThread thread : all) {
      ended &= thread.end(patience);
    }
    return ended;
  }
}
