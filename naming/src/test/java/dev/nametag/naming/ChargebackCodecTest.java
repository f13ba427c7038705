package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected names are those of the chargeback demo's page. */
class ChargebackCodecTest {
  private static final Metric CALLS =
      Samples.metric("authorized_calls_with_user_and_group", "user", "group", "namespace");

  private final ChargebackCodec codec = new ChargebackCodec(128);

  @Test
  void namesAreTheDemosByteForByte() {
    assertThat(name("premiumuser1"))
        .isEqualTo(
            "authorized_calls_with_user_and_group"
                + "__user___premiumuser1___group___premium___namespace__llm_d");
  }

  @ParameterizedTest
  @CsvSource({"a-b,a_b", "a.b,a_b", "é,_", "aéb,a_b", "\uD83D\uDE00,_", "x_y,x_y"})
  void everyOtherCodePointIsOneUnderscore(String user, String written) {
    assertThat(name(user)).contains("__user___" + written + "___group");
  }

  @Test
  void everyByteThatIsNotUtf8IsOneUnderscore() {
    byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, 'b', (byte) 0xe2, (byte) 0x82};

    assertThat(name(LabelValue.of(bytes))).contains("__user___a__b_____group");
  }

  @Test
  void aLabelSetWithAnAbsentValueIsNotWritten() {
    assertThat(codec.writesAbsentValues()).isFalse();
    assertThat(new LosslessCodec(128).writesAbsentValues()).isTrue();
  }

  @Test
  void differentCallersCanShareANameWhichIsTheHarmOfThisProfile() {
    assertThat(name("a-b")).isEqualTo(name("a.b"));
  }

  private String name(String user) {
    return name(LabelValue.of(user));
  }

  private String name(LabelValue user) {
    return codec.encode(CALLS, List.of(user, LabelValue.of("premium"), LabelValue.of("llm-d")));
  }
}
