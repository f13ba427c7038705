package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected names are those of the form that Istio's extraStatTags read, docs/names.md. */
class EnvoyTagsCodecTest {
  private static final Metric CALLS = Samples.metric("calls", "user", "group");

  private final EnvoyTagsCodec codec = new EnvoyTagsCodec(16);

  @Test
  void labelsStandBeforeTheMetricInTheirOrder() {
    assertThat(name(LabelValue.of("a.b@c"), LabelValue.of("eng")))
        .isEqualTo("user=.=a.b@c;.;group=.=eng;.;calls");
  }

  @Test
  void anAbsentValueHasNoPlaceInTheName() {
    assertThat(name(LabelValue.ABSENT, LabelValue.of("eng"))).isEqualTo("group=.=eng;.;calls");
    assertThat(name(LabelValue.ABSENT, LabelValue.ABSENT)).isEqualTo("calls");
  }

  @Test
  void emptyAndOtherAreTextsThatNobodyCanHave() {
    assertThat(name(LabelValue.of(""), LabelValue.OTHER))
        .isEqualTo("user=.=~empty;.;group=.=~other;.;calls");
    assertThat(codec.text(LabelValue.of("~other"))).isEqualTo("~_7eother");
  }

  @ParameterizedTest
  @CsvSource({
    "alice, alice",
    "a b+c/d:e_f-g, a b+c/d:e_f-g",
    "x;.;group=.=b, ~x_3b_2e_3bgroup_3d_2e_3db",
    "ünï, ~_c3_bcn_c3_af",
    "~, ~_7e",
    "rq@1, ~_72q_401",
  })
  void aValueHasTheTextThatItHasEverywhere(String value, String text) {
    LabelValue given = LabelValue.of(value);

    assertThat(codec.text(given)).isEqualTo(text);
    assertThat(LabelText.DEFAULT.of(new LosslessCodec(16).encode(given))).isEqualTo(text);
  }

  @Test
  void aLongValueIsCut() {
    assertThat(codec.text(LabelValue.of("a".repeat(17)))).matches("~a{16}_h[0-9a-f]{32}");
  }

  @Test
  void aReadableValueThatNoExtractorWantsStaysReadable() {
    assertThat(codec.text(LabelValue.of("circuit_breakers"))).isEqualTo("circuit_breakers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache.x",
        "xcache.",
        "component.x",
        "tag.x",
        "stag.x",
        "wasm_filter.x",
        "rbac.allowed",
        "x.zone.y",
        "circuit_breakers.",
        "a.shadow_denied",
        "a.istio_dry_run_"
      })
  void aReadableValueThatWouldWakeAnExtractorStaysEncoded(String value) {
    String encoded = new LosslessCodec(128).encode(LabelValue.of(value));

    assertThat(new EnvoyTagsCodec(128).text(LabelValue.of(value))).isEqualTo("~" + encoded);
  }

  @Test
  void labelsHaveTheNamesOfTheConfiguration() {
    Label renamed = new Label("namespace", List.of(new Constant("")), "tenant_namespace");
    Metric metric = new Metric("calls", CALLS.count(), List.of(renamed));

    assertThat(codec.encode(metric, List.of(LabelValue.of("x"))))
        .isEqualTo("namespace=.=x;.;calls");
  }

  private String name(LabelValue user, LabelValue group) {
    return codec.encode(CALLS, List.of(user, group));
  }
}
