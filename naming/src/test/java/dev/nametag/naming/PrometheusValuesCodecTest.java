package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected names: prometheus/common model/metric.go, EscapeName and UnescapeName. */
class PrometheusValuesCodecTest {
  private static final Metric CALLS = Samples.metric("calls", "user", "namespace");

  private final PrometheusValuesCodec codec = new PrometheusValuesCodec(64);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "alice | U__calls_7b_user_3d__22_alice_22__2c_namespace_3d__22_llm_2d_d_22__7d_",
        "a_b   | U__calls_7b_user_3d__22_a__b_22__2c_namespace_3d__22_llm_2d_d_22__7d_",
        "a:b   | U__calls_7b_user_3d__22_a_3a_b_22__2c_namespace_3d__22_llm_2d_d_22__7d_",
        "花火   | U__calls_7b_user_3d__22__82b1__706b__22__2c_namespace_3d__22_llm_2d_d_22__7d_",
        "\uD83D\uDE00 | U__calls_7b_user_3d__22__1f600__22__2c_namespace_3d__22_llm_2d_d_22__7d_",
      })
  void aSeriesHasThisName(String user, String name) {
    assertThat(name(LabelValue.of(user), LabelValue.of("llm-d"))).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "alice@example.com | calls{user=\"alice@example.com\",namespace=\"x\"}",
        "a\"b              | calls{user=\"a\\\"b\",namespace=\"x\"}",
        "a\\b              | calls{user=\"a\\\\b\",namespace=\"x\"}",
        "\",namespace=\"y  | calls{user=\"\\\",namespace=\\\"y\",namespace=\"x\"}",
        "~other            | calls{user=\"~other\",namespace=\"x\"}",
      })
  void aNameReadsLikeThis(String user, String text) {
    assertThat(unescape(name(LabelValue.of(user), LabelValue.of("x")))).isEqualTo(text);
  }

  @Test
  void absentEmptyAndOtherAreThreeDifferentThings() {
    LabelValue x = LabelValue.of("x");
    assertThat(unescape(name(LabelValue.ABSENT, x))).isEqualTo("calls{namespace=\"x\"}");
    assertThat(unescape(name(LabelValue.of(""), x))).isEqualTo("calls{user=\"\",namespace=\"x\"}");
    assertThat(unescape(name(LabelValue.OTHER, LabelValue.OTHER)))
        .isEqualTo("calls{user=~other,namespace=~other}");
  }

  @Test
  void aPlainNameStaysAsItIs() {
    assertThat(name(LabelValue.ABSENT, LabelValue.ABSENT)).isEqualTo("calls");
    assertThat(codec.encode(Samples.metric("calls_total"), List.of())).isEqualTo("calls_total");
  }

  @Test
  void aLineFeedIsEscapedAsInTheTextFormat() {
    assertThat(unescape(name(LabelValue.of("a\nb"), LabelValue.ABSENT)))
        .isEqualTo("calls{user=\"a\\nb\"}");
  }

  @Test
  void aLongValueIsCutAndItsHashStandsBehindTheQuotes() {
    assertThat(unescape(name(LabelValue.of("a".repeat(65)), LabelValue.ABSENT)))
        .matches("calls\\{user=\"a{64}\"~[0-9a-f]{32}\\}");
  }

  @Test
  void bytesThatAreNotUtf8AreLost() {
    assertThat(name(LabelValue.of(new byte[] {(byte) 0xff}), LabelValue.ABSENT))
        .isEqualTo(name(LabelValue.of(new byte[] {(byte) 0xfe}), LabelValue.ABSENT))
        .isEqualTo("U__calls_7b_user_3d__22__fffd__22__7d_");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void everyTextIsReadBack(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder user = new StringBuilder();
      for (int length = random.nextInt(5); length > 0; length--) {
        int codePoint =
            random.nextBoolean()
                ? "_u7f\"\\\n{},=~:".codePointAt(random.nextInt(13))
                : random.nextInt(Character.MAX_CODE_POINT + 1);
        boolean surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
        user.appendCodePoint(surrogate ? '_' : codePoint);
      }
      String name = new PrometheusValuesCodec(128).encode(CALLS, values(user.toString()));
      String quoted =
          user.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      if (!unescape(name).equals("calls{user=\"" + quoted + "\",namespace=\"x\"}")) {
        throw new AssertionError(user + " is written " + name);
      }
      for (int c : name.chars().toArray()) {
        if (c != '_' && !LosslessCodec.isPlain(c)) {
          throw new AssertionError("a host would change " + name);
        }
      }
    }
  }

  private static List<LabelValue> values(String user) {
    return List.of(LabelValue.of(user), LabelValue.of("x"));
  }

  private String name(LabelValue user, LabelValue namespace) {
    return codec.encode(CALLS, List.of(user, namespace));
  }

  /** Undoes the escaping as UnescapeName does, but throws where that gives up. */
  private static String unescape(String name) {
    if (!name.startsWith("U__")) {
      return name;
    }
    StringBuilder out = new StringBuilder();
    int i = 3;
    while (i < name.length()) {
      if (name.charAt(i) != '_') {
        out.append(name.charAt(i++));
      } else if (name.charAt(i + 1) == '_') {
        out.append('_');
        i += 2;
      } else {
        int end = name.indexOf('_', i + 1);
        out.appendCodePoint(Integer.parseInt(name, i + 1, end, 16));
        i = end + 1;
      }
    }
    return out.toString();
  }
}
