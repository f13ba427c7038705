package dev.nametag.naming;

/** What became of one request; every stream has exactly one. */
public enum Outcome {
  /** The call was let through, whatever the upstream then answered. */
  AUTHORIZED("authorized"),
  /** A rate limit refused the call. */
  LIMITED("limited"),
  /** Authentication or authorization refused the call. */
  DENIED("denied"),
  /** No upstream answered: no route, no healthy host, a reset, a timeout. */
  ERROR("error"),
  /** The client left before a response. */
  ABORTED("aborted");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  /** Returns the word that a configuration uses. */
  public String text() {
    return text;
  }

  /** Returns the outcome that a configuration calls so, or {@code null} if there is none. */
  public static Outcome of(String text) {
    for (Outcome outcome : values()) {
      if (outcome.text.equals(text)) {
        return outcome;
      }
    }
    return null;
  }
}
