package dev.nametag.naming;

import java.util.List;

/**
 * The {@code chargeback} profile: what the Kuadrant wasm-shim chargeback demo shows on Envoy's
 * page, {@code metric__user___U___group___G___namespace__N}.
 *
 * <p>Every code point outside {@code [A-Za-z0-9_]} is one {@code _}, and so is every byte that is
 * not UTF-8, so that callers can share a name, and a value can shift the borders between labels.
 * Label sets in which a value is absent get no series of their own, as in the demo. It exists for
 * those who have the demo's rules in use; {@link LosslessCodec} loses nothing.
 */
public final class ChargebackCodec implements NameCodec {
  /** How {@link LabelValue#OTHER} is written; a user may be called so as well. */
  public static final String OTHER = "other";

  private static final String UNKNOWN = "unknown";
  private static final List<String> LABELS = List.of("user", "group", "namespace");

  private final int valueBytes;

  /** Writes at most {@code valueBytes} bytes of a value, the rest as a hash. */
  public ChargebackCodec(int valueBytes) {
    this.valueBytes = valueBytes;
  }

  /** Returns whether this profile has a form for exactly these labels. */
  static boolean canName(List<Label> labels) {
    if (labels.size() != LABELS.size()) {
      return false;
    }
    for (int i = 0; i < LABELS.size(); i++) {
      if (!labels.get(i).name().equals(LABELS.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean writesAbsentValues() {
    return false;
  }

  /** The demo counts nothing per identity when the user or the group is called unknown. */
  @Override
  public String leftOut(int label) {
    return label > 1 ? null : UNKNOWN;
  }

  @Override
  public String encode(Metric metric, List<LabelValue> values) {
    StringBuilder out = new StringBuilder(metric.name());
    for (int i = 0; i < values.size(); i++) {
      // The demo wrote user and group with the quotes of their JSON text, which became underscores.
      String quote = i < 2 ? "_" : "";
      out.append("__").append(metric.labels().get(i).name()).append("__").append(quote);
      encode(values.get(i), out);
      out.append(quote);
    }
    return out.toString();
  }

  private void encode(LabelValue value, StringBuilder out) {
    if (value.isOther()) {
      out.append(OTHER);
    } else if (value.isPresent()) {
      boolean cut = value.length() > valueBytes;
      sanitize(value, cut ? valueBytes : value.length(), out);
      if (cut) {
        out.append(LosslessCodec.CUT);
        LosslessCodec.appendHash(value, out);
      }
    }
  }

  private static void sanitize(LabelValue value, int length, StringBuilder out) {
    byte[] bytes = value.present();
    int at = 0;
    while (at < length) {
      int b = bytes[at] & 0xff;
      out.append(LosslessCodec.isPlain(b) ? (char) b : '_');
      at += Utf8.lengthAt(bytes, at, length);
    }
  }
}
