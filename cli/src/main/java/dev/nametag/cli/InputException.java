package dev.nametag.cli;

/** The input is refused; the message is {@code file: field: reason} or what comes nearest. */
final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InputException(String message) {
    super(message);
  }
}
