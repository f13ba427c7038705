package dev.nametag.cli;

/** What the commands say of {@code --dialect}. */
final class DialectOption {
  static final String HELP =
      "Whose rules they are: prometheus (3, any UTF-8 text is a name), prometheus-legacy (names of"
          + " letters, digits and _), vmagent. Without it: vmagent if they use what only that has,"
          + " else prometheus.";

  private DialectOption() {}
}
