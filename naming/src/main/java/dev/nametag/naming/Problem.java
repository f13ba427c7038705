package dev.nametag.naming;

/**
 * One thing that is wrong with a configuration.
 *
 * @param field where, as a path such as {@code metrics.calls.labels[1]}; {@code line 2, column 5}
 *     if the text is not JSON
 * @param reason what is wrong, with the value that was found and what would be right
 */
public record Problem(String field, String reason) {

  /** Returns {@code field: reason}; a tool that knows the file puts its name in front. */
  @Override
  public String toString() {
    return field + ": " + reason;
  }
}
