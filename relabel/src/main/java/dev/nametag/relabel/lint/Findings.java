package dev.nametag.relabel.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects findings; of one kind in one list of rules, a few are enough. */
final class Findings {
  private static final int MAX_OF_A_KIND = 5;

  private final List<Finding> all = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /** Adds a finding about one rule. */
  void add(String id, RuleList list, LintRule rule, String reason, String example, String instead) {
    add(new Finding(id, list.file(), rule.index(), rule.path(), reason, example, instead));
  }

  /** Adds a finding about a list of rules, or about something else in a file. */
  void add(String id, String file, String path, String reason, String example, String instead) {
    add(new Finding(id, file, -1, path, reason, example, instead));
  }

  private void add(Finding finding) {
    String listPath = finding.path().replaceFirst("\\[\\d+](\\.[A-Za-z_]+)?$", "");
    String kind = finding.id() + "\n" + finding.file() + "\n" + listPath;
    if (counts.merge(kind, 1, Integer::sum) <= MAX_OF_A_KIND) {
      all.add(finding);
    }
  }

  List<Finding> all() {
    return List.copyOf(all);
  }
}
