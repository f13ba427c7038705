package dev.nametag.hostsim.release;

/**
 * The releases of Envoy among which modules or those who read pages see a difference; each stands
 * for itself and the releases after it, up to the next constant. To modules, those before 1.28 are
 * like 1.28.
 *
 * <p>Source: Envoy's changelogs, and proxy-wasm-cpp-host as pinned in each release's
 * bazel/repository_locations.bzl.
 */
public enum EnvoyVersion {
  /** 1.21 to 1.23: an empty line after each group of {@code /stats/prometheus}. */
  V1_21,
  /** 1.24 to 1.27: no empty lines. */
  V1_24,
  /** 1.28 and 1.29: the oldest in whose imports there is a difference. */
  V1_28,
  /** 1.30 to 1.32: summaries in {@code /stats/prometheus}. */
  V1_30,
  /** 1.33 to 1.37: more of WASI, more of it in the initialisation; answers in place of answers. */
  V1_33,
  /** 1.38: memory may grow in the initialisation. */
  V1_38,
  /** 1.39: all of WASI preview 1, {@code __main_void}; names of labels by byte. */
  V1_39;

  /** The newest release that is simulated. */
  public static final EnvoyVersion LATEST = V1_39;

  /**
   * The release of that number.
   *
   * @param minor such as 37 for 1.37
   * @throws IllegalArgumentException when it is not simulated
   */
  public static EnvoyVersion of(int minor) {
    EnvoyVersion found = null;
    for (EnvoyVersion version : values()) {
      if (version.minor() <= minor) {
        found = version;
      }
    }
    if (found == null || minor > LATEST.minor()) {
      throw new IllegalArgumentException("Envoy 1." + minor + " is not simulated");
    }
    return found;
  }

  private int minor() {
    return Integer.parseInt(name().substring("V1_".length()));
  }

  /** Whether it is that release or a later one. */
  public boolean atLeast(EnvoyVersion other) {
    return compareTo(other) >= 0;
  }
}
