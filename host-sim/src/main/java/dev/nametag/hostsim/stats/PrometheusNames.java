package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.io.ByteArrayOutputStream;

/**
 * Names and values of metrics as Prometheus takes them. Source: Envoy
 * source/server/admin/prometheus_stats.cc, PrometheusStatsFormatter.
 *
 * <p>Works on bytes.
 */
final class PrometheusNames {

  private final StatsSettings settings;

  PrometheusNames(StatsSettings settings) {
    this.settings = settings;
  }

  /** The name of a label. */
  byte[] label(String tagName) {
    ByteString name = ByteString.utf8(tagName);
    return settings.version().atLeast(EnvoyVersion.V1_39)
        ? sanitizeBytes(name).toByteArray()
        : sanitizeCodePoints(name);
  }

  /** A label's value: all its bytes but three, which are escaped. Source: sanitizeValue. */
  static byte[] value(ByteString value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(value.size());
    for (byte b : value.toByteArray()) {
      if (b == '\\' || b == '"' || b == '\n') {
        out.write('\\');
      }
      out.write(b == '\n' ? 'n' : b);
    }
    return out.toByteArray();
  }

  /**
   * The name on the page; empty when the group is left out.
   *
   * <p>A registered namespace is dropped with its dot; other names get {@code envoy_} in front.
   * Source: PrometheusStatsFormatter::metricName and CustomStatNamespacesImpl.
   */
  byte[] metric(StatName name) {
    ByteString bytes = name.bytes();
    int dot = bytes.indexOf('.', 0);
    if (dot < 0 || !settings.namespaces().contains(bytes.slice(0, dot).toString())) {
      return ByteString.utf8("envoy_").concat(sanitizeBytes(bytes)).toByteArray();
    }
    byte[] custom = sanitizeCodePoints(bytes.slice(dot + 1, bytes.size()));
    boolean shown = custom.length > 0 && !isBetween('0', custom[0], '9');
    return shown ? custom : new byte[0];
  }

  /** One underscore for each byte outside {@code [a-zA-Z0-9_]}. */
  private static ByteString sanitizeBytes(ByteString name) {
    byte[] bytes = name.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      if (!isNameByte(bytes[i])) {
        bytes[i] = '_';
      }
    }
    return ByteString.of(bytes);
  }

  /**
   * One underscore for each code point outside {@code [a-zA-Z0-9_]}; bytes that are not UTF-8 stay.
   *
   * <p>Derived from RE2's UTF-8 mode, in which a negated class matches whole sequences only. RE2
   * takes overlong sequences after E0 and F0, and those above U+10FFFF after F4, for code points
   * too (re2/compile.cc, Compiler::Add_80_10ffff).
   */
  private static byte[] sanitizeCodePoints(ByteString name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(name.size());
    int i = 0;
    while (i < name.size()) {
      byte first = name.byteAt(i);
      int length = sequenceLength(name, i);
      out.write(length == 0 || isNameByte(first) ? first : '_');
      i += Math.max(length, 1);
    }
    return out.toByteArray();
  }

  /** The bytes of the sequence that starts there, or 0 when none does. */
  private static int sequenceLength(ByteString name, int start) {
    int first = name.byteAt(start) & 0xff;
    int length = announcedLength(first);
    if (start + length > name.size()) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((name.byteAt(start + i) & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  private static int announcedLength(int first) {
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xc2 || first > 0xf4) {
      return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  }

  private static boolean isNameByte(byte b) {
    return isBetween('a', b, 'z') || isBetween('A', b, 'Z') || isBetween('0', b, '9') || b == '_';
  }

  private static boolean isBetween(char least, byte value, char greatest) {
    return value >= least && value <= greatest;
  }
}
