package dev.nametag.relabel.lint;

/** Looks for one kind of fault. */
@FunctionalInterface
interface Check {
  /** Adds what it finds. */
  void run(Subject subject, Findings findings);
}
