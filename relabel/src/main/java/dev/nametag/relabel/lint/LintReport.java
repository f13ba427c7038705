package dev.nametag.relabel.lint;

import java.util.List;

/**
 * What was found.
 *
 * @param findings in the order of the checks
 * @param notes what could not be looked at, and what became of the page, one sentence each
 * @param foundRules whether there was anything to look at
 */
public record LintReport(List<Finding> findings, List<String> notes, boolean foundRules) {
  /** Copies. */
  public LintReport {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }
}
