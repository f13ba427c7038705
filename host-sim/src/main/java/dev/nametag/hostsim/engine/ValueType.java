package dev.nametag.hostsim.engine;

import java.util.Locale;

/** The type of a parameter or result. */
public enum ValueType {
  I32,
  I64,
  F32,
  F64,
  /** Vectors and references, which no Proxy-Wasm function has. */
  UNKNOWN;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
