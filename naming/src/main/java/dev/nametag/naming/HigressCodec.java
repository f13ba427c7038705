package dev.nametag.naming;

import java.util.List;

/**
 * The {@code higress} profile: names as the ai-statistics plugin of Higress writes them, {@code
 * route.R.upstream.U.model.M.consumer.C.metric.N}, for the tag expressions that its bootstrap has.
 *
 * <p>Source: alibaba/higress plugins/wasm-go/extensions/ai-statistics/main.go, generateMetricName.
 *
 * <p>Values are written as they are, so they can be mistaken for structure: a model that is called
 * {@code x.consumer.victim.metric} counts for {@code victim}. Absent values have the texts that the
 * plugin has for them, and what is over the budget is {@code other}; a value can be called so as
 * well. Bytes that are not UTF-8 become U+FFFD, since one of them would spoil the whole page. It
 * exists for those who move over and keep their dashboards; {@link EnvoyTagsCodec} loses nothing.
 */
public final class HigressCodec implements NameCodec {
  /** How {@link LabelValue#OTHER} is written. */
  public static final String OTHER = "other";

  private static final List<String> LABELS = List.of("route", "upstream", "model", "consumer");
  private static final List<String> ABSENT = List.of("-", "-", "UNKNOWN", "none");

  private final int valueBytes;

  /** Writes at most {@code valueBytes} bytes of a value, the rest as a hash. */
  public HigressCodec(int valueBytes) {
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
    return true;
  }

  @Override
  public String encode(Metric metric, List<LabelValue> values) {
    if (values.isEmpty()) {
      return metric.name();
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      out.append(LABELS.get(i)).append('.');
      append(values.get(i), ABSENT.get(i), out);
      out.append('.');
    }
    return out.append("metric.").append(metric.name()).toString();
  }

  private void append(LabelValue value, String absent, StringBuilder out) {
    if (value.isAbsent()) {
      out.append(absent);
    } else if (value.isOther()) {
      out.append(OTHER);
    } else {
      boolean cut = value.length() > valueBytes;
      Utf8.append(value.present(), cut ? valueBytes : value.length(), out);
      if (cut) {
        out.append(LosslessCodec.CUT);
        LosslessCodec.appendHash(value, out);
      }
    }
  }
}
