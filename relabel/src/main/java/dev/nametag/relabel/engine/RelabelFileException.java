package dev.nametag.relabel.engine;

/** A file whose rules are refused: {@code file: field: reason (line L)}. */
public final class RelabelFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String field;
  private final String reason;
  private final int line;

  RelabelFileException(String file, String field, String reason, int line) {
    super(
        file
            + ": "
            + (field.isEmpty() ? "" : field + ": ")
            + reason
            + (line > 0 ? " (line " + line + ")" : ""));
    this.file = file;
    this.field = field;
    this.reason = reason;
    this.line = line;
  }

  /** Returns the file as the caller named it. */
  public String file() {
    return file;
  }

  /** Returns the field, such as {@code scrape_configs[0].metric_relabel_configs[3].regex}. */
  public String field() {
    return field;
  }

  /** Returns the reason without file, field and line. */
  public String reason() {
    return reason;
  }

  /** Returns the line, from 1; 0 if the whole file is meant. */
  public int line() {
    return line;
  }
}
