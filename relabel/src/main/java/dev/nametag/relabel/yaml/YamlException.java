package dev.nametag.relabel.yaml;

/** A YAML document that is refused: {@code file: line L: reason}. */
public final class YamlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final String reason;

  YamlException(String file, int line, String reason) {
    super(file + ": " + (line > 0 ? "line " + line + ": " : "") + reason);
    this.file = file;
    this.line = line;
    this.reason = reason;
  }

  /** Returns the file as the caller named it. */
  public String file() {
    return file;
  }

  /** Returns the line, from 1; 0 if the whole file is meant. */
  public int line() {
    return line;
  }

  /** Returns the reason without file and line. */
  public String reason() {
    return reason;
  }
}
