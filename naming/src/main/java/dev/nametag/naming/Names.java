package dev.nametag.naming;

/**
 * Which texts may be metric and label names.
 *
 * <pre>
 * metric = [a-zA-Z][a-zA-Z0-9]* , { "_" , [a-zA-Z0-9]+ }
 * label  = [a-z][a-z0-9]* , { "_" , [a-z0-9]+ }
 * </pre>
 *
 * Neither contains two underscores in a row nor starts or ends with one, so that {@code __} always
 * separates.
 */
public final class Names {
  /** Self-metrics of the filter start so; no configuration may. */
  public static final String RESERVED_PREFIX = "nametag_";

  private static final String[] HISTOGRAM_SUFFIXES = {"_bucket", "_sum", "_count"};

  private static final String[] AUTHORIZATION = {
    "shadow_allowed", "shadow_denied", "istio_dry_run_allow", "istio_dry_run_deny"
  };

  private Names() {}

  /** Returns whether the text may be a metric's name. */
  public static boolean isMetric(String text) {
    return isWords(text, true);
  }

  /** Returns whether the text may be a label's name within metric names. */
  public static boolean isLabel(String text) {
    return isWords(text, false);
  }

  /**
   * Returns whether the text may be a label's name in Prometheus (Prometheus documentation, Data
   * model): letters, digits and underscores, no digit first, and not the reserved {@code __}.
   */
  public static boolean isPublishedLabel(String text) {
    if (text.isEmpty() || text.startsWith("__") || isDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '_' && !isLower(c) && !isUpper(c) && !isDigit(c)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether hosts would take the end of the name for a response code: Envoy's and Istio's
   * built-in tag extractors match {@code _rq_200} and {@code _rq_2xx} at the end of any name.
   */
  static boolean endsLikeResponseCode(String name) {
    int start = name.length() - 7;
    return start >= 0
        && name.startsWith("_rq_", start)
        && isDigit(name.charAt(start + 4))
        && (name.endsWith("xx")
            || (isDigit(name.charAt(start + 5)) && isDigit(name.charAt(start + 6))));
  }

  /**
   * Returns whether hosts would take the beginning of the name for what an authorization filter
   * did: Istio's tag extractors match it behind any dot, and Envoy puts {@code wasmcustom.} before
   * names.
   */
  static boolean startsLikeAuthorization(String name) {
    for (String start : AUTHORIZATION) {
      if (name.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns what is left of a name without the suffix that the text format gives a histogram's
   * series, or {@code null} if it has none.
   */
  public static String withoutHistogramSuffix(String name) {
    for (String suffix : HISTOGRAM_SUFFIXES) {
      if (name.endsWith(suffix)) {
        return name.substring(0, name.length() - suffix.length());
      }
    }
    return null;
  }

  private static boolean isWords(String text, boolean upper) {
    if (text.isEmpty() || isDigit(text.charAt(0))) {
      return false;
    }
    boolean wordStarts = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '_') {
        if (wordStarts) {
          return false;
        }
        wordStarts = true;
      } else if (isLower(c) || isDigit(c) || (upper && isUpper(c))) {
        wordStarts = false;
      } else {
        return false;
      }
    }
    return !wordStarts;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
