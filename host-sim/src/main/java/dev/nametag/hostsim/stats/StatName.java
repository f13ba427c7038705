package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.bytes.ByteString;

/**
 * The full name of a stat: any bytes, cut into tokens at dots.
 *
 * <p>Names are ordered token by token, tokens bytewise, and a name before the names it begins.
 * Source: Envoy source/common/stats/symbol_table.cc, SymbolTable::lessThanLockHeld.
 */
public record StatName(ByteString bytes) implements Comparable<StatName> {

  /** The namespace of the metrics that Wasm modules define. */
  static final ByteString CUSTOM_NAMESPACE = ByteString.utf8("wasmcustom");

  /** Drops trailing dots, as SymbolTable::encode does. */
  public StatName {
    int end = bytes.size();
    while (end > 0 && bytes.byteAt(end - 1) == '.') {
      end--;
    }
    bytes = bytes.slice(0, end);
  }

  /**
   * The name of a metric that a module calls {@code name}. Source: Envoy
   * source/extensions/common/wasm/context.cc, Context::defineMetric.
   */
  public static StatName custom(ByteString name) {
    return new StatName(CUSTOM_NAMESPACE.concat(ByteString.utf8(".")).concat(name));
  }

  @Override
  public int compareTo(StatName other) {
    // A token ends at a dot, and a token comes before those it begins: so a dot is the least byte.
    int common = Math.min(bytes.size(), other.bytes.size());
    for (int i = 0; i < common; i++) {
      int difference = rank(bytes.byteAt(i)) - rank(other.bytes.byteAt(i));
      if (difference != 0) {
        return difference;
      }
    }
    return bytes.size() - other.bytes.size();
  }

  private static int rank(byte value) {
    return value == '.' ? -1 : value & 0xff;
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
