package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected names: alibaba/higress plugins/wasm-go/extensions/ai-statistics, README.md. */
class HigressCodecTest {
  private static final Metric TOKENS =
      Samples.metric("input_token", "route", "upstream", "model", "consumer");

  private final HigressCodec codec = new HigressCodec(64);

  @Test
  void namesAreThoseOfThePlugin() {
    assertThat(
            name(
                LabelValue.of("ai-route-aliyun.internal"),
                LabelValue.of("outbound|443||llm-aliyun.internal.dns"),
                LabelValue.of("qwen-turbo"),
                LabelValue.of("none")))
        .isEqualTo(
            "route.ai-route-aliyun.internal.upstream.outbound|443||llm-aliyun.internal.dns"
                + ".model.qwen-turbo.consumer.none.metric.input_token");
  }

  @Test
  void absentValuesHaveTheTextsOfThePlugin() {
    LabelValue absent = LabelValue.ABSENT;
    assertThat(name(absent, absent, absent, absent))
        .isEqualTo("route.-.upstream.-.model.UNKNOWN.consumer.none.metric.input_token");
  }

  @Test
  void differentCallersCanShareANameWhichIsTheHarmOfThisProfile() {
    LabelValue r = LabelValue.of("r");
    assertThat(name(r, r, LabelValue.of("x.consumer.y"), LabelValue.of("z")))
        .isEqualTo(name(r, r, LabelValue.of("x"), LabelValue.of("y.consumer.z")));
    assertThat(name(r, r, r, LabelValue.ABSENT)).isEqualTo(name(r, r, r, LabelValue.of("none")));
    assertThat(name(r, r, r, LabelValue.OTHER)).isEqualTo(name(r, r, r, LabelValue.of("other")));
  }

  @Test
  void bytesThatAreNotUtf8AreReplaced() {
    byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa9};
    LabelValue r = LabelValue.of("r");
    assertThat(name(r, r, LabelValue.of(bytes), r)).contains(".model.a\ufffd\u00e9.consumer.");
  }

  @Test
  void aLongValueIsCutAndEndsInItsHash() {
    LabelValue r = LabelValue.of("r");
    assertThat(name(r, r, LabelValue.of("a".repeat(65)), r))
        .contains(".model." + "a".repeat(64) + "_h");
  }

  @Test
  void aMetricWithoutLabelsIsItsName() {
    assertThat(codec.encode(Samples.metric("input_token"), List.of())).isEqualTo("input_token");
  }

  private String name(LabelValue... values) {
    return codec.encode(TOKENS, List.of(values));
  }
}
