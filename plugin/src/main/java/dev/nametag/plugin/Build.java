package dev.nametag.plugin;

import dev.nametag.abi.Utf8;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;

/** Which build of the filter this is. */
final class Build {
  /** The version in the pom. */
  static final String VERSION = "0.1.0-SNAPSHOT";

  private Build() {}

  /** Returns the version as it stands in metric names. */
  static String nameOfVersion() {
    return new LosslessCodec(VERSION.length()).encode(LabelValue.of(Utf8.encode(VERSION)));
  }
}
