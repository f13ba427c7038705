package dev.nametag.naming;

import java.util.List;

/**
 * The {@code prometheus-values} profile: a readable text such as {@code
 * calls{user="alice@example.com",namespace="llm-d"}}, as a whole in the {@code U__} form that
 * Prometheus 3 has for names that are not plain.
 *
 * <p>Source: prometheus/common model/metric.go, EscapeName with ValueEncodingEscaping: a plain name
 * stays as it is; in any other, behind {@code U__}, an underscore is {@code __}, a letter or digit
 * stands for itself, and any other code point is its number in lower-case hex between underscores.
 * One thing differs: {@code :} is written {@code _3a_}, since Envoy would make an underscore of it;
 * UnescapeName reads both.
 *
 * <p>Values are in quotes, with {@code \}, {@code "} and line feeds escaped as in the text format.
 * An absent value is left out; what is over the budget is {@code ~other}, without quotes; a value
 * of more than {@code valueBytes} bytes has, behind the quotes, {@code ~} and its hash. Nothing is
 * lost but bytes that are not UTF-8, each of which becomes U+FFFD.
 */
public final class PrometheusValuesCodec implements NameCodec {
  private static final String PREFIX = "U__";
  private static final String HEX = "0123456789abcdef";

  private final int valueBytes;

  /** Writes at most {@code valueBytes} bytes of a value, the rest as a hash. */
  public PrometheusValuesCodec(int valueBytes) {
    this.valueBytes = valueBytes;
  }

  @Override
  public boolean writesAbsentValues() {
    return true;
  }

  @Override
  public String encode(Metric metric, List<LabelValue> values) {
    StringBuilder out = new StringBuilder();
    char before = '{';
    for (int i = 0; i < values.size(); i++) {
      if (!values.get(i).isAbsent()) {
        escape(before, out);
        escape(metric.labels().get(i).publishedName(), out);
        escape('=', out);
        append(values.get(i), out);
        before = ',';
      }
    }
    if (out.length() == 0) {
      return metric.name();
    }
    escape('}', out);
    StringBuilder name = new StringBuilder(PREFIX);
    escape(metric.name(), name);
    return name.append(out).toString();
  }

  private void append(LabelValue value, StringBuilder out) {
    if (value.isOther()) {
      escape(LabelText.OTHER, out);
      return;
    }
    boolean cut = value.length() > valueBytes;
    escape('"', out);
    appendText(value, cut ? valueBytes : value.length(), out);
    escape('"', out);
    if (cut) {
      escape(LabelText.MARK, out);
      LosslessCodec.appendHash(value, out);
    }
  }

  private static void appendText(LabelValue value, int length, StringBuilder out) {
    byte[] bytes = value.present();
    int at = 0;
    while (at < length) {
      int size = Utf8.lengthAt(bytes, at, length);
      int codePoint = Utf8.codePointAt(bytes, at, size);
      if (codePoint == '"' || codePoint == '\\' || codePoint == '\n') {
        escape('\\', out);
      }
      escape(codePoint == '\n' ? 'n' : codePoint, out);
      at += size;
    }
  }

  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      escape(text.charAt(i), out);
    }
  }

  private static void escape(int codePoint, StringBuilder out) {
    if (codePoint == '_') {
      out.append("__");
    } else if (LosslessCodec.isPlain(codePoint)) {
      out.append((char) codePoint);
    } else {
      out.append('_');
      int shift = 20;
      while (shift > 0 && codePoint >> shift == 0) {
        shift -= 4;
      }
      for (; shift >= 0; shift -= 4) {
        out.append(HEX.charAt(codePoint >> shift & 0xf));
      }
      out.append('_');
    }
  }
}
