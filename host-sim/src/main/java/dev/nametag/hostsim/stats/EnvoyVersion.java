package dev.nametag.hostsim.stats;

/**
 * A release of Envoy 1, where its pages differ.
 *
 * @param minor such as 37 for 1.37
 */
public record EnvoyVersion(int minor) {

  /** The newest release that is simulated. */
  public static final EnvoyVersion LATEST = new EnvoyVersion(39);

  /** Checks. */
  public EnvoyVersion {
    if (minor < 21 || minor > 40) {
      throw new IllegalArgumentException("Envoy 1." + minor + " is not simulated");
    }
  }

  /** Each group ended with an empty line before 1.24. */
  boolean blankLineAfterGroup() {
    return minor < 24;
  }

  /** Names of labels have been made presentable byte by byte since 1.39. */
  boolean tagNamesByByte() {
    return minor >= 39;
  }

  /** Summaries have been there since 1.30. */
  boolean summaries() {
    return minor >= 30;
  }
}
