package dev.nametag.cli;

import dev.nametag.relabel.lint.Drift;
import java.io.PrintWriter;
import java.util.List;

/** {@code --check}: whether a deployed file is still what would be generated. */
final class DriftCheck {
  private static final int MAX_LINES = 20;

  private DriftCheck() {}

  /** Prints what differs and returns the exit status. */
  static int run(String deployed, String generated, PrintWriter out) {
    String name = Input.name(deployed);
    List<String> differences = Drift.between(name, Input.text(deployed), generated);
    differences.stream().limit(MAX_LINES).forEach(line -> out.println(name + ": " + line));
    if (differences.size() > MAX_LINES) {
      out.println(name + ": " + (differences.size() - MAX_LINES) + " more differences");
    }
    return differences.isEmpty() ? 0 : 1;
  }
}
