package dev.nametag.hostsim.gateway;

import java.util.concurrent.atomic.LongAdder;

/** Counts what became of streams, on all workers together. */
final class Totals {

  private final LongAdder connections = new LongAdder();
  private final LongAdder began = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder aborted = new LongAdder();
  private final LongAdder brokenOff = new LongAdder();

  void connected() {
    connections.increment();
  }

  void began() {
    began.increment();
  }

  void answered() {
    answered.increment();
  }

  void aborted() {
    aborted.increment();
  }

  void brokenOff() {
    brokenOff.increment();
  }

  Gateway.Summary summary() {
    return new Gateway.Summary(
        connections.sum(), began.sum(), answered.sum(), aborted.sum(), brokenOff.sum());
  }
}
