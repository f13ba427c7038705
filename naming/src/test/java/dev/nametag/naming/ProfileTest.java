package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration may say under each profile. */
class ProfileTest {

  @ParameterizedTest
  @EnumSource
  void everyProfileHasAWordAndACodec(Profile profile) {
    String json = "{\"naming\": \"%s\", \"metrics\": {\"calls\": {\"count\": \"all\"}}}";
    Schema schema = Schema.parse(json.formatted(profile.text()));

    assertThat(schema.naming()).isEqualTo(profile);
    assertThat(schema.codec().encode(schema.metrics().get(0), List.of())).isEqualTo("calls");
  }

  @Test
  void anUnknownProfileIsRefused() {
    assertThat(refusal("plain", "{'user': 'auth.identity.userid'}", "['user']"))
        .isEqualTo(
            "naming: unknown naming \"plain\", expected lossless, chargeback, envoy-tags,"
                + " prometheus-values or higress");
  }

  @ParameterizedTest
  @CsvSource({"user, enduser", "user, end_user", "a, ba"})
  void envoyTagsRefusesALabelThatIsTheEndOfAnother(String label, String longer) {
    String labels = "{'%s': {'value': 'x'}, '%s': {'value': 'y'}}".formatted(label, longer);

    assertThat(refusal("envoy-tags", labels, "['" + label + "']"))
        .isEqualTo(
            "labels.%s: label name \"%s\" is the end of label name \"%s\", which naming envoy-tags"
                    .formatted(label, label, longer)
                + " cannot tell apart");
    assertThat(refusal("lossless", labels, "['" + label + "']")).isNull();
  }

  @Test
  void envoyTagsLooksAtTheNamesThatStandInNames() {
    String labels = "{'a': {'value': 'x', 'rename': 'user'}, 'enduser': {'value': 'y'}}";

    assertThat(refusal("envoy-tags", labels, "['a']")).isNull();
  }

  @Test
  void envoyTagsRefusesALabelThatStartsLikeWhatIstioCutsOff() {
    assertThat(refusal("envoy-tags", "{'shadow_allowed': {'value': 'x'}}", "['shadow_allowed']"))
        .isEqualTo(
            "labels.shadow_allowed: label name \"shadow_allowed\" starts like what Istio cuts off"
                + " names of stats");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shadow_allowed_calls", "shadow_denied", "istio_dry_run_allow"})
  void aMetricThatStartsLikeWhatIstioCutsOffIsRefused(String metric) {
    for (Profile profile : Profile.values()) {
      String json = "{'naming': '%s', 'metrics': {'%s': {'count': 'all'}}}";
      assertThat(message(json.formatted(profile.text(), metric)))
          .isEqualTo(
              "metrics.%s: metric name \"%s\" starts like what Istio cuts off names of stats"
                  .formatted(metric, metric));
    }
  }

  @Test
  void higressWritesExactlyItsOwnLabels() {
    String labels =
        "{'route': {'value': 'r'}, 'upstream': {'value': 'u'}, 'model': {'value': 'm'},"
            + " 'consumer': {'value': 'c'}}";

    assertThat(refusal("higress", labels, "['route', 'upstream', 'model', 'consumer']")).isNull();
    assertThat(refusal("higress", labels, "[]")).isNull();
    assertThat(refusal("higress", labels, "['route', 'model', 'upstream', 'consumer']"))
        .isEqualTo(
            "metrics.calls.labels: naming higress writes exactly the labels route, upstream,"
                + " model, consumer, in this order, or none");
  }

  private static String refusal(String naming, String labels, String own) {
    String json =
        "{'naming': '%s', 'labels': %s, 'metrics': {'calls': {'count': 'all', 'labels': %s}}}";
    return message(json.formatted(naming, labels, own));
  }

  /** Returns the first problem of a configuration, with single quotes for double ones, if any. */
  private static String message(String json) {
    SchemaException refused =
        catchThrowableOfType(SchemaException.class, () -> Schema.parse(json.replace('\'', '"')));
    return refused == null
        ? null
        : refused.problems().get(0).field() + ": " + refused.problems().get(0).reason();
  }
}
