package dev.nametag.relabel.exposition;

/** A page that Prometheus would refuse: {@code file: line N: reason}. */
public final class ExpositionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long line;
  private final String reason;

  ExpositionException(String file, long line, String reason) {
    super(file + ": line " + line + ": " + reason);
    this.file = file;
    this.line = line;
    this.reason = reason;
  }

  /** Returns the page as the caller named it. */
  public String file() {
    return file;
  }

  /** Returns the line, from 1. */
  public long line() {
    return line;
  }

  /** Returns the reason without file and line. */
  public String reason() {
    return reason;
  }
}
