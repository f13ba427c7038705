package dev.nametag.relabel.unittest;

/** A file of tests that is refused: {@code file: field: reason (line L)}. */
public final class RelabelTestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RelabelTestException(String file, String field, String reason, int line) {
    super(
        file
            + ": "
            + (field.isEmpty() ? "" : field + ": ")
            + reason
            + (line > 0 ? " (line " + line + ")" : ""));
  }
}
