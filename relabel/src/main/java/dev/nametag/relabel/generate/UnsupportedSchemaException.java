package dev.nametag.relabel.generate;

/** A target cannot serve a schema: {@code field: reason}. */
public final class UnsupportedSchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String reason;

  UnsupportedSchemaException(String field, String reason) {
    super(field + ": " + reason);
    this.field = field;
    this.reason = reason;
  }

  /** Returns the field of the configuration that does not fit. */
  public String field() {
    return field;
  }

  /** Returns the reason without the field. */
  public String reason() {
    return reason;
  }
}
