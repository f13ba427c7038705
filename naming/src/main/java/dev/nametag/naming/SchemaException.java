package dev.nametag.naming;

import java.util.List;

/** A configuration is refused; lists everything that is wrong with it, in reading order. */
public final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /** Refuses for these reasons, at least one. */
  public SchemaException(List<Problem> problems) {
    super(join(problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns what is wrong, at least one entry. */
  public List<Problem> problems() {
    return problems;
  }

  private static String join(List<Problem> problems) {
    StringBuilder out = new StringBuilder();
    for (Problem problem : problems) {
      if (out.length() > 0) {
        out.append('\n');
      }
      out.append(problem.toString());
    }
    return out.toString();
  }
}
