package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.hostcall.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What was logged in a test, and which traps the test has not asked for. */
final class TestLog {

  private final List<LogLine> lines = new ArrayList<>();
  private final List<String> traps = new ArrayList<>();

  synchronized void add(LogLine line) {
    lines.add(line);
  }

  synchronized List<LogLine> lines() {
    return List.copyOf(lines);
  }

  synchronized void clear() {
    lines.clear();
    traps.clear();
  }

  synchronized void trapped(String trap) {
    traps.add(trap);
  }

  synchronized void expected(String trap) {
    traps.remove(trap);
  }

  synchronized void failAtTraps() {
    if (!traps.isEmpty()) {
      throw new AssertionError("the filter trapped: " + traps + "\n" + text());
    }
  }

  /** Returns all lines, each with its level, under a heading. */
  synchronized String text() {
    return lines.isEmpty()
        ? "nothing was logged"
        : lines.stream()
            .map(line -> "  " + line.level() + " " + line.message())
            .collect(Collectors.joining("\n", "the log:\n", ""));
  }
}
