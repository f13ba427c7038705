package dev.nametag.plugin;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.Utf8;
import dev.nametag.naming.Label;
import dev.nametag.naming.Problem;
import dev.nametag.naming.Pseudonym;
import dev.nametag.naming.Schema;
import dev.nametag.naming.SchemaException;
import java.util.List;

/** The key of pseudonyms, which is no part of the configuration and is never shown. */
final class PseudonymKey {
  /** The environment variable of the VM that holds it. */
  static final String VARIABLE = "NAMETAG_PSEUDONYM_KEY";

  private PseudonymKey() {}

  /**
   * Returns what writes the pseudonyms that a configuration wants, {@code null} if it wants none.
   *
   * @throws SchemaException if there is no key, or one that can be guessed
   */
  static Pseudonym of(Hostcalls host, Schema schema) {
    for (Label label : schema.labels()) {
      if (label.pseudonym()) {
        return of(label, host.environmentVariable(VARIABLE));
      }
    }
    return null;
  }

  private static Pseudonym of(Label label, String key) {
    String reason = "is not set";
    if (key != null) {
      try {
        return new Pseudonym(Utf8.encode(key));
      } catch (IllegalArgumentException e) {
        reason = "cannot be used: " + e.getMessage();
      }
    }
    throw new SchemaException(
        List.of(
            new Problem(
                "labels." + label.name() + ".pseudonym", VARIABLE + " in vmConfig.env " + reason)));
  }
}
