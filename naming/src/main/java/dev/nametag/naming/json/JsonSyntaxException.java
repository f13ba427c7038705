package dev.nametag.naming.json;

/** The text is not JSON; says where, counted in characters from 1, and what was expected. */
public final class JsonSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  JsonSyntaxException(int line, int column, String reason) {
    super(reason);
    this.line = line;
    this.column = column;
  }

  /** Returns the line of the first character that could not be read, from 1. */
  public int line() {
    return line;
  }

  /** Returns the column of the first character that could not be read, from 1. */
  public int column() {
    return column;
  }
}
