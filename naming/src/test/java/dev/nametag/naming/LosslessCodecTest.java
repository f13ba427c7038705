package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected names and texts are those of the grammar in docs/names.md, worked out by hand. */
class LosslessCodecTest {
  private static final Metric CALLS = Samples.metric("calls", "user", "namespace");

  private final LosslessCodec codec = new LosslessCodec(128);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "alice             | alice              | alice",
        "alice@example.com | alice_40example_2ecom | alice@example.com",
        "llm-d             | llm_2dd            | llm-d",
        "a b               | a_20b              | a b",
        "a+b:c/d           | a_2bb_3ac_2fd      | a+b:c/d",
        "x___group___admin | x_5f_5f_5fgroup_5f_5f_5fadmin | x___group___admin",
        "\"quoted\"        | _22quoted_22       | ~_22quoted_22",
        "_22quoted_22      | _5f22quoted_5f22   | _22quoted_22",
        "ünï               | _c3_bcn_c3_af      | ~_c3_bcn_c3_af",
        "~other            | _7eother           | ~_7eother",
        "_other            | _5fother           | _other",
        "_none             | _5fnone            | _none",
        "rq@1              | _72q_401           | ~_72q_401",
        "rq 0              | _72q_200           | ~_72q_200",
        "rq@a              | rq_40a             | rq@a",
        "rq:1              | rq_3a1             | rq:1",
        "xrq@1             | xrq_401            | xrq@1",
        "rq@11             | rq_4011            | rq@11",
        "rq401             | rq401              | rq401",
        "...............   | _2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e | ...............",
        "................  | _2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e "
            + "| ~_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e_2e",
      })
  void aValueHasThisNameAndThisLabelText(String value, String encoded, String text) {
    assertThat(codec.encode(LabelValue.of(value))).isEqualTo(encoded);
    assertThat(LabelText.DEFAULT.of(encoded)).isEqualTo(text);
  }

  @Test
  void emptyAbsentAndOtherAreThreeDifferentThings() {
    assertThat(codec.encode(CALLS, List.of(LabelValue.of(""), LabelValue.of("x"))))
        .isEqualTo("calls__user____namespace__x");
    assertThat(codec.encode(CALLS, List.of(LabelValue.ABSENT, LabelValue.of("x"))))
        .isEqualTo("calls__user___none__namespace__x");
    assertThat(codec.encode(CALLS, List.of(LabelValue.OTHER, LabelValue.OTHER)))
        .isEqualTo("calls__user___other__namespace___other");
    assertThat(LabelText.DEFAULT.of("")).isEqualTo("~empty");
    assertThat(LabelText.DEFAULT.of("_none")).isNull();
    assertThat(LabelText.DEFAULT.of("_other")).isEqualTo("~other");
  }

  @Test
  void aMetricWithoutLabelsIsItsName() {
    assertThat(codec.encode(Samples.metric("authorized_calls_total"), List.of()))
        .isEqualTo("authorized_calls_total");
  }

  @Test
  void aLongValueIsCutAndEndsInItsHash() {
    byte[] long129 = new byte[129];
    Arrays.fill(long129, (byte) 'a');
    byte[] long128 = Arrays.copyOf(long129, 128);

    assertThat(codec.encode(LabelValue.of(long128))).isEqualTo("a".repeat(128));
    // printf 'a%.0s' $(seq 129) | sha256sum
    assertThat(codec.encode(LabelValue.of(long129)))
        .isEqualTo("a".repeat(128) + "_h" + "c12cb024a2e5551cca0e08fce8f1c5e3");
    assertThat(LabelText.DEFAULT.of(codec.encode(LabelValue.of(long129))))
        .startsWith("~aaaa")
        .endsWith("_hc12cb024a2e5551cca0e08fce8f1c5e3");
  }

  @Test
  void decodingACutValueGivesItsBeginningAndItsHash() {
    byte[] bytes = Samples.utf8("-".repeat(10_240));

    LosslessCodec.Decoded decoded =
        LosslessCodec.decode(
            codec.encode(Samples.metric("calls", "user"), List.of(LabelValue.of(bytes))));

    assertThat(decoded.labels().get(0).value()).isEqualTo(LabelValue.of("-".repeat(128)));
    assertThat(decoded.labels().get(0).hash()).hasSize(32);
  }

  @Test
  void allBytesSurvive() {
    byte[] all = new byte[128];
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < all.length; i++) {
        all[i] = (byte) (half * 128 + i);
      }
      List<LabelValue> values = List.of(LabelValue.of(all), LabelValue.of("x"));

      LosslessCodec.Decoded decoded = LosslessCodec.decode(codec.encode(CALLS, values));

      assertThat(decoded.labels().get(0).value()).isEqualTo(values.get(0));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "_calls",
        "calls_",
        "9calls",
        "calls__",
        "calls__user",
        "calls__user__a_2",
        "calls__user__a_2D",
        "calls__user__a_61",
        "calls__user__a_nonex",
        "calls__user___nonexx",
        "calls__user__a_none",
        "calls__user___other_2d",
        "calls__user__a_h0123",
        "calls__user__a_h0123456789abcdef0123456789abcdeF",
        "calls__user__a_bucket",
        "calls__user__a_sum",
        "calls__user__a_count",
        "calls__User__a",
        "calls__user__a__",
        "calls__user__a-b",
      })
  void whatTheCodecCannotHaveWrittenIsNotDecoded(String name) {
    assertThat(LosslessCodec.decode(name)).isNull();
  }
}
