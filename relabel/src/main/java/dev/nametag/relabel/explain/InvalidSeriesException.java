package dev.nametag.relabel.explain;

/** A text that is no series; the message is the reason. */
public final class InvalidSeriesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidSeriesException(String reason) {
    super(reason);
  }
}
