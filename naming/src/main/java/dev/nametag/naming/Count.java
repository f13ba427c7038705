package dev.nametag.naming;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which requests a metric counts.
 *
 * @param outcomes at least one
 * @param code the condition on the response code
 */
public record Count(Set<Outcome> outcomes, CodeCondition code) {

  /** Copies. */
  public Count {
    // Not Set.copyOf, which brings String.format into the module.
    outcomes = Collections.unmodifiableSet(EnumSet.copyOf(outcomes));
  }

  /** Returns whether a request with this outcome and response code (0 for none) is counted. */
  public boolean matches(Outcome outcome, int responseCode) {
    return outcomes.contains(outcome) && code.matches(responseCode);
  }

  /**
   * A range of response codes, both ends included.
   *
   * @param from first code
   * @param to last code
   */
  public record CodeCondition(int from, int to) {
    /** Every request, those without a response too. */
    public static final CodeCondition ANY = new CodeCondition(0, Integer.MAX_VALUE);

    /** Returns whether the code, 0 for none, lies in the range. */
    public boolean matches(int responseCode) {
      return responseCode >= from && responseCode <= to;
    }

    /**
     * Returns the condition that a configuration writes as {@code 404} or {@code 2xx}, or {@code
     * null} if it is neither.
     */
    static CodeCondition parse(String text) {
      if (text.length() != 3 || text.charAt(0) < '1' || text.charAt(0) > '5') {
        return null;
      }
      int hundreds = (text.charAt(0) - '0') * 100;
      if (text.endsWith("xx")) {
        return new CodeCondition(hundreds, hundreds + 99);
      }
      int tens = text.charAt(1) - '0';
      int ones = text.charAt(2) - '0';
      if (tens < 0 || tens > 9 || ones < 0 || ones > 9) {
        return null;
      }
      int code = hundreds + tens * 10 + ones;
      return new CodeCondition(code, code);
    }
  }
}
