package dev.nametag.relabel.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.naming.Label;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The targets in which the proxy makes the labels. Names are extracted here as Envoy does it: each
 * regex sees the original name, group 1 is cut out, group 2 is the value.
 */
class NativeTagTargetsTest {
  private static final Schema SCHEMA =
      Schema.parse(
          """
          {"labels": {"user": {"value": ""}, "group": {"value": ""},
                      "usergroup": {"value": "", "rename": "team"}, "r": {"value": ""}},
           "metrics": {
             "calls": {"count": "all", "labels": ["user", "group"]},
             "calls_by_team": {"count": "all", "labels": ["usergroup", "user", "group", "r"]}}}
          """);

  private static final Schema SIMPLE = Schema.defaults();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "wasmcustom.user=.=alice;.;group=.=eng;.;calls | wasmcustom.calls | user=alice group=eng",
        "wasmcustom.group=.=eng;.;user=.=alice;.;calls | wasmcustom.calls | user=alice group=eng",
        "wasmcustom.usergroup=.=x;.;user=.=a;.;calls | wasmcustom.calls | user=a team=x",
        "wasmcustom.usergroup=.=x;.;calls | wasmcustom.calls | team=x",
        "wasmcustom.user=.=;.;group=.=g;.;calls | wasmcustom.calls | user= group=g",
        "wasmcustom.user=.=group=.=g;.;calls | wasmcustom.calls | user=group=.=g",
        "wasmcustom.user=.=a;b;;.;group=.=g;.;calls | wasmcustom.calls | user=a;b; group=g",
        "wasmcustom.user=.=a b@c/d:e.f;.;calls | wasmcustom.calls | user=a b@c/d:e.f",
        "wasmcustom.other=.=x;.;user=.=a;.;calls | wasmcustom.other=.=x;.;calls | user=a",
        "wasmcustom.calls.user=.=a;.;x | wasmcustom.calls.user=.=a;.;x | none",
        "cluster.user=.=a;.;x | cluster.user=.=a;.;x | none",
        "wasmcustom.calls | wasmcustom.calls | none",
      })
  void envoyFindsTheLabelsAndNothingElse(String name, String rest, String labels) {
    Extracted extracted = extract(name, tags(EnvoyStatsTagsTarget.bootstrap(SCHEMA, used())));

    assertThat(extracted.rest()).isEqualTo(rest);
    assertThat(extracted.labels()).isEqualTo(labels.equals("none") ? "" : labels);
  }

  /** Some versions of Envoy refuse a bootstrap in which two tags have one name. */
  @Test
  void twoLabelsOfOneNameAreRefused() {
    Schema schema =
        Schema.parse(
            """
            {"naming": "envoy-tags",
             "labels": {"user": {"value": "", "rename": "who"},
                        "caller": {"value": "", "rename": "who"}},
             "metrics": {"calls": {"count": "all", "labels": ["user"]},
                         "limited": {"count": "limited", "labels": ["caller"]}}}
            """);

    assertThatThrownBy(() -> EnvoyStatsTagsTarget.bootstrap(schema))
        .isInstanceOf(UnsupportedSchemaException.class)
        .hasMessageContaining("labels.caller.rename")
        .hasMessageContaining("the label user is called who, too");
  }

  @Test
  void aMetricWithManyLabelsTakesNoExponentialTime() {
    StringBuilder name = new StringBuilder("wasmcustom.");
    for (int i = 0; i < 25; i++) {
      name.append("x=.=").append(";".repeat(9)).append(";.;");
    }

    assertThat(extract(name.toString(), tags(EnvoyStatsTagsTarget.bootstrap(SCHEMA, used()))))
        .isEqualTo(new Extracted(name.toString(), ""));
  }

  @Test
  void everyRegexStartsWithTheNamespaceSoThatEnvoyTriesItOnNoOtherStatistic() {
    assertThat(tags(EnvoyStatsTagsTarget.bootstrap(SCHEMA, used())))
        .hasSize(4)
        .allSatisfy(
            (tag, regex) -> assertThat(regex).startsWith("^wasmcustom\\.").hasSizeLessThan(1024));
  }

  @Test
  void anEnvoyProxyMergesTheSameTags() {
    Map<?, ?> resource =
        (Map<?, ?>)
            YamlReader.read("e", EnvoyStatsTagsTarget.envoyProxy(SCHEMA, used(), "n", "ns")).get(0);
    Map<?, ?> bootstrap = (Map<?, ?>) ((Map<?, ?>) resource.get("spec")).get("bootstrap");

    assertThat(resource.get("apiVersion")).isEqualTo("gateway.envoyproxy.io/v1alpha1");
    assertThat(resource.get("kind")).isEqualTo("EnvoyProxy");
    assertThat(resource.get("metadata")).isEqualTo(Map.of("name", "n", "namespace", "ns"));
    assertThat(bootstrap.get("type")).isEqualTo("Merge");
    assertThat(tags((String) bootstrap.get("value")))
        .isEqualTo(tags(EnvoyStatsTagsTarget.bootstrap(SCHEMA, used())));
  }

  @Test
  void istioTakesAListInAnAnnotationOrForTheMesh() {
    Object tags = Map.of("extraStatTags", List.of("user", "group", "namespace"));
    var labels = NativeTags.used(SIMPLE);

    Map<?, ?> annotation =
        (Map<?, ?>)
            YamlReader.read("a", IstioExtraStatTagsTarget.annotation(SIMPLE, labels)).get(0);
    Map<?, ?> annotations = (Map<?, ?>) ((Map<?, ?>) annotation.get("metadata")).get("annotations");

    assertThat(YamlReader.read("c", (String) annotations.get("proxy.istio.io/config")))
        .containsExactly(tags);
    assertThat(YamlReader.read("m", IstioExtraStatTagsTarget.meshConfig(SIMPLE, labels)))
        .containsExactly(Map.of("meshConfig", Map.of("defaultConfig", tags)));
  }

  @Test
  void istioCannotRename() {
    assertThatThrownBy(() -> IstioExtraStatTagsTarget.annotation(SCHEMA, used().subList(2, 3)))
        .isInstanceOf(UnsupportedSchemaException.class)
        .hasMessageStartingWith("labels.usergroup.rename: ");
  }

  @Test
  void istioCannotTellALabelFromOneThatEndsLikeIt() {
    assertThatThrownBy(
            () ->
                IstioExtraStatTagsTarget.annotation(SCHEMA, List.of(used().get(0), used().get(3))))
        .isInstanceOf(UnsupportedSchemaException.class)
        .hasMessageStartingWith("labels.r: ")
        .hasMessageContaining("user");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lossless", "chargeback"})
  void otherNamesAreRefused(String naming) {
    Schema schema = Schema.parse("{\"naming\": \"" + naming + "\"}");

    assertThatThrownBy(() -> EnvoyStatsTagsTarget.bootstrap(schema))
        .isInstanceOf(UnsupportedSchemaException.class)
        .hasMessage(
            "naming: "
                + naming
                + ": the target envoy-stats-tags is for envoy-tags names only, in which the proxy"
                + " finds the labels itself");
    assertThatThrownBy(() -> EnvoyStatsTagsTarget.envoyProxy(schema, "n", "ns"))
        .isInstanceOf(UnsupportedSchemaException.class);
    assertThatThrownBy(() -> IstioExtraStatTagsTarget.annotation(schema))
        .hasMessageStartingWith("naming: " + naming + ": the target istio-extra-stat-tags is ");
    assertThatThrownBy(() -> IstioExtraStatTagsTarget.meshConfig(schema))
        .isInstanceOf(UnsupportedSchemaException.class);
  }

  private record Extracted(String rest, String labels) {}

  private static Extracted extract(String name, Map<String, String> tags) {
    boolean[] removed = new boolean[name.length()];
    List<String> labels = new ArrayList<>();
    tags.forEach(
        (tag, regex) -> {
          Matcher matcher = Pattern.compile(regex).matcher(name);
          if (matcher.find()) {
            labels.add(tag + "=" + matcher.group(2));
            for (int i = matcher.start(1); i < matcher.end(1); i++) {
              removed[i] = true;
            }
          }
        });
    StringBuilder rest = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      if (!removed[i]) {
        rest.append(name.charAt(i));
      }
    }
    return new Extracted(rest.toString(), String.join(" ", labels));
  }

  private static List<Label> used() {
    return NativeTags.used(SCHEMA);
  }

  private static Map<String, String> tags(String bootstrap) {
    Map<?, ?> config = (Map<?, ?>) YamlReader.read("bootstrap", bootstrap).get(0);
    Map<String, String> tags = new LinkedHashMap<>();
    for (Object each : (List<?>) ((Map<?, ?>) config.get("stats_config")).get("stats_tags")) {
      Map<?, ?> tag = (Map<?, ?>) each;
      tags.put((String) tag.get("tag_name"), (String) tag.get("regex"));
    }
    return tags;
  }
}
