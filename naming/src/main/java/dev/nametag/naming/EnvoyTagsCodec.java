package dev.nametag.naming;

import java.util.List;

/**
 * The {@code envoy-tags} profile: {@code user=.=alice;.;group=.=free;.;calls}, for hosts that take
 * labels from names themselves. That is what Istio's {@code extraStatTags} reads, and what {@code
 * stats_tags} of the form {@code (user=\.=(.*?);\.;)} read in any Envoy.
 *
 * <pre>
 * name  = { label , "=.=" , text , ";.;" } , metric
 * </pre>
 *
 * The text is what the label shall be: that of {@link LabelText#DEFAULT}, so that all targets
 * agree, with one exception. A readable value that a tag extractor of the host would take for its
 * own, because it contains one of {@link #WAKING}, is written as {@code ~} and its encoded text,
 * too. An absent value has no place in the name. Labels have the names of the configuration; Istio
 * cannot rename them, other hosts can.
 *
 * <p>A text consists of letters, digits, {@code ~} and the alphabet, which has neither {@code ;}
 * nor {@code =}; so it cannot end early or forge a label. That no label's name ends like another's,
 * so that the unanchored expressions find their own label, is the schema's to see to.
 */
public final class EnvoyTagsCodec implements NameCodec {
  /**
   * What values must not contain, since extractors look for it anywhere in a name. Sources: Istio
   * tools/packaging/common/envoy_bootstrap.json, stats_tags; Envoy Gateway
   * internal/xds/bootstrap/bootstrap.yaml.tpl, stats_tags. Envoy's own default tags look only at
   * the beginning and at the end of a name.
   */
  private static final String[] WAKING = {
    "cache.",
    "component.",
    "tag.",
    "wasm_filter.",
    "rbac.",
    ".istio_dry_run_",
    ".shadow_",
    ".zone.",
    "transport_socket_match.",
    "circuit_breakers.",
  };

  private static final String OPENS = "=.=";
  private static final String CLOSES = ";.;";

  private final LosslessCodec values;

  /** Writes at most {@code valueBytes} bytes of a value as they are, the rest as a hash. */
  public EnvoyTagsCodec(int valueBytes) {
    this.values = new LosslessCodec(valueBytes);
  }

  @Override
  public boolean writesAbsentValues() {
    return true;
  }

  @Override
  public String encode(Metric metric, List<LabelValue> labelValues) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < labelValues.size(); i++) {
      String text = text(labelValues.get(i));
      if (text != null) {
        out.append(metric.labels().get(i).name()).append(OPENS);
        out.append(text).append(CLOSES);
      }
    }
    return out.append(metric.name()).toString();
  }

  /** Returns the text of a value's label, or {@code null} if there is no such label. */
  public String text(LabelValue value) {
    String encoded = values.encode(value);
    String text = LabelText.DEFAULT.of(encoded);
    return text != null && wakes(text) ? LabelText.MARK + encoded : text;
  }

  private static boolean wakes(String text) {
    for (String each : WAKING) {
      if (text.contains(each)) {
        return true;
      }
    }
    return false;
  }
}
