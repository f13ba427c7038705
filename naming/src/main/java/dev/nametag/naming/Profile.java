package dev.nametag.naming;

/** How label sets are written into metric names. */
public enum Profile {
  /** Every byte of every value survives, and no value can look like structure. The default. */
  LOSSLESS("lossless"),
  /**
   * The names of the Kuadrant wasm-shim chargeback demo, byte for byte. Every code point outside
   * {@code [A-Za-z0-9_]} becomes {@code _}, so different callers can share one name.
   */
  CHARGEBACK("chargeback"),
  /** For hosts that take labels from names: Istio's {@code extraStatTags}, Envoy's tags. */
  ENVOY_TAGS("envoy-tags"),
  /** A readable series in the {@code U__} form of Prometheus 3. */
  PROMETHEUS_VALUES("prometheus-values"),
  /** The names of Higress' ai-statistics plugin, whose values can look like structure. */
  HIGRESS("higress");

  private final String text;

  Profile(String text) {
    this.text = text;
  }

  /** Returns the word that a configuration uses. */
  public String text() {
    return text;
  }

  /** Returns the profile that a configuration calls so, or {@code null} if there is none. */
  public static Profile of(String text) {
    for (Profile profile : values()) {
      if (profile.text.equals(text)) {
        return profile;
      }
    }
    return null;
  }
}
