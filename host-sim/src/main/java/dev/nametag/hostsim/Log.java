package dev.nametag.hostsim;

import dev.nametag.hostsim.hostcall.LogLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Keeps the last log lines and passes on every one. */
final class Log implements Consumer<LogLine> {

  /** How many lines are kept, so that a module cannot fill the host's memory. */
  static final int CAPACITY = 10_000;

  private final Deque<LogLine> lines = new ArrayDeque<>();
  private final Consumer<LogLine> listener;

  Log(Consumer<LogLine> listener) {
    this.listener = listener;
  }

  @Override
  public void accept(LogLine line) {
    synchronized (lines) {
      if (lines.size() == CAPACITY) {
        lines.removeFirst();
      }
      lines.addLast(line);
    }
    listener.accept(line);
  }

  List<LogLine> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }
}
