package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of names over a million seeded label sets. The patterns are Envoy's and Istio's own. */
class CodecLawsTest {
  private static final int LABEL_SETS_PER_SEED = 250_000;
  private static final int VALUE_BYTES = 16;

  /** Envoy's default and Istio's bootstrap tag extractors that look anywhere into a name. */
  private static final Pattern EXTRACTORS =
      Pattern.compile(
          "_rq(_(\\d{3}))$|_rq_((\\d))xx$|_rq(_(\\dxx))$|\\.|;|=|^rbac\\.|(cache\\.(.+?)\\.)"
              + "|(tag\\.(.+?);\\.)|rbac(\\.(allowed|denied))|:");

  private static final Metric[] METRICS = {
    Samples.metric("calls", "user", "group", "namespace"),
    Samples.metric("calls_with_user", "user"),
    Samples.metric("calls_total"),
    Samples.metric("calls_user", "group", "user_group"),
  };

  private final LosslessCodec codec = new LosslessCodec(VALUE_BYTES);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void namesAreReadBackAndNeverSharedAndLeftAloneByHosts(long seed) {
    Random random = new Random(seed);
    Map<String, List<LabelValue>> seen = new HashMap<>();
    Map<List<String>, String> texts = new HashMap<>();
    for (int i = 0; i < LABEL_SETS_PER_SEED; i++) {
      Metric metric = METRICS[random.nextInt(METRICS.length)];
      List<LabelValue> values = new ArrayList<>();
      for (int j = 0; j < metric.labels().size(); j++) {
        values.add(Samples.value(random));
      }

      String name = codec.encode(metric, values);

      List<LabelValue> other = seen.putIfAbsent(name, values);
      if (other != null) {
        check(other.equals(values), "two label sets share the name " + name);
        continue;
      }
      check(isPlainName(name), "a host would change " + name);
      check(!EXTRACTORS.matcher(name).find(), "a tag extractor would find something in " + name);
      LosslessCodec.Decoded decoded = LosslessCodec.decode(name);
      check(decoded != null, name + " is not read back");
      check(decoded.metric().equals(metric.name()), name + " is read back as another metric");
      check(decoded.labels().size() == values.size(), name + " gains or loses a label");
      List<String> text = new ArrayList<>(List.of(metric.name()));
      for (int j = 0; j < values.size(); j++) {
        LosslessCodec.DecodedLabel label = decoded.labels().get(j);
        check(label.name().equals(metric.labels().get(j).name()), name + " renames a label");
        check(isSame(values.get(j), label), name + " changes " + values.get(j));
        text.add(LabelText.DEFAULT.of(label.encoded()));
      }
      String sharing = texts.putIfAbsent(text, name);
      check(sharing == null, name + " and " + sharing + " have the same label text");
      for (String suffix : List.of("_bucket", "_sum", "_count")) {
        boolean labelled = !values.isEmpty();
        check(
            !labelled || LosslessCodec.decode(name + suffix) == null,
            name + suffix + " is taken for a name");
      }
    }
  }

  @Test
  void everyPairOfAdversarialValuesHasItsOwnNameAndText() {
    Set<String> names = new HashSet<>();
    Set<String> texts = new HashSet<>();
    for (String value : Samples.ADVERSARIAL) {
      String encoded = new LosslessCodec(128).encode(LabelValue.of(value));
      names.add(encoded);
      texts.add(LabelText.DEFAULT.of(encoded));
    }
    texts.add(LabelText.OTHER);

    assertThat(names).hasSameSizeAs(Samples.ADVERSARIAL);
    assertThat(texts).hasSize(Samples.ADVERSARIAL.size() + 1);
  }

  private static boolean isSame(LabelValue value, LosslessCodec.DecodedLabel label) {
    if (label.hash() == null) {
      return value.equals(label.value());
    }
    // Of a cut value the beginning is kept; its hash is checked through the names being different.
    return value.length() > VALUE_BYTES
        && LabelValue.of(value.toBytes(), 0, VALUE_BYTES).equals(label.value());
  }

  private static boolean isPlainName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) != '_' && !LosslessCodec.isPlain(name.charAt(i))) {
        return false;
      }
    }
    return !Character.isDigit(name.charAt(0));
  }

  /** An assertion that costs nothing when it holds; there are millions of them. */
  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
