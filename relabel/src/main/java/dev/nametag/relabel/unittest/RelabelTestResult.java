package dev.nametag.relabel.unittest;

import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.explain.SeriesText;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What came of a test; it has passed if all three lists are empty.
 *
 * @param test the test
 * @param missing expected, and nothing like it came out
 * @param unexpected came out, and nothing like it was expected
 * @param different came out with other labels than expected
 */
public record RelabelTestResult(
    RelabelTest test,
    List<Labels> missing,
    List<Unexpected> unexpected,
    List<Difference> different) {
  /** Copies. */
  public RelabelTestResult {
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    different = List.copyOf(different);
  }

  /**
   * A series that came out.
   *
   * @param labels the series
   * @param from what it was before the rules
   */
  public record Unexpected(Labels labels, Labels from) {}

  /**
   * An expected series, and the one that came out in its place: they have the metric name in
   * common.
   *
   * @param expected the expected series
   * @param found the series that came out
   */
  public record Difference(Labels expected, Unexpected found) {
    /** Returns one line for each label that differs: {@code - expected}, {@code + found}. */
    public List<String> lines() {
      TreeSet<String> names = new TreeSet<>(expected.asMap().keySet());
      names.addAll(found.labels().asMap().keySet());
      List<String> lines = new ArrayList<>();
      for (String name : names) {
        String want = expected.get(name);
        String have = found.labels().get(name);
        if (!want.equals(have)) {
          lines.add("- " + (want.isEmpty() ? "no label " + name : label(name, want)));
          lines.add("+ " + (have.isEmpty() ? "no label " + name : label(name, have)));
        }
      }
      return lines;
    }

    private static String label(String name, String value) {
      return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
  }

  /** Returns whether exactly the expected series came out. */
  public boolean passed() {
    return missing.isEmpty() && unexpected.isEmpty() && different.isEmpty();
  }

  /** Returns the differences for a reader, one line each; empty if the test has passed. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Difference difference : different) {
      lines.add("different: " + SeriesText.of(difference.expected()));
      lines.add("  from " + SeriesText.of(difference.found().from()));
      difference.lines().forEach(line -> lines.add("  " + line));
    }
    missing.forEach(labels -> lines.add("missing: " + SeriesText.of(labels)));
    for (Unexpected found : unexpected) {
      lines.add("unexpected: " + SeriesText.of(found.labels()));
      lines.add("  from " + SeriesText.of(found.from()));
      if (test.expect().contains(found.labels())) {
        lines.add("  another input became the same series; Prometheus keeps only the first");
      }
    }
    return lines;
  }
}
