package dev.nametag.relabel.engine;

/** A relabel rule that Prometheus would refuse; names the field and why. */
public final class InvalidRuleException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String reason;

  InvalidRuleException(String field, String reason) {
    super(field + ": " + reason);
    this.field = field;
    this.reason = reason;
  }

  /** Returns the field in Prometheus' own spelling, such as {@code target_label}. */
  public String field() {
    return field;
  }

  /** Returns the reason without the field. */
  public String reason() {
    return reason;
  }
}
