package dev.nametag.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nametag.naming.Count.CodeCondition;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Problem;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.naming.json.JsonReader;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  private static final String BARE =
      """
      naming: chargeback
      metrics:
        calls: {count: limited}
      """;

  private static final String BARE_JSON =
      "{\"naming\":\"chargeback\",\"metrics\":{\"calls\":{\"count\":\"limited\"}}}";

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: other}
      """;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void theConfigurationIsFoundIn(String what, String text) {
    Configuration configuration = Configuration.read("file.yaml", text);

    assertThat(configuration.json()).isEqualTo(BARE_JSON);
    assertThat(configuration.schema()).isEqualTo(Schema.parse(BARE_JSON));
  }

  static List<Arguments> theConfigurationIsFoundIn() {
    return List.of(
        Arguments.of("YAML", BARE),
        Arguments.of("JSON", BARE_JSON),
        Arguments.of("JSON over lines with tabs", BARE_JSON.replace("{", "{\n\t")),
        Arguments.of("YAML behind a byte order mark", "\uFEFF" + BARE),
        Arguments.of("YAML between empty documents", "---\n---\n" + BARE + "---\n"),
        Arguments.of("YAML beside another resource", SERVICE + "---\n" + BARE),
        Arguments.of("a WasmPlugin", wasmPlugin(BARE)),
        Arguments.of(
            "a WasmPlugin among others",
            SERVICE + "---\n" + wasmPlugin(BARE) + "---\n" + SERVICE + "---\n"),
        Arguments.of(
            "a WasmPlugin in JSON",
            "{\"apiVersion\":\"extensions.istio.io/v1alpha1\",\"kind\":\"WasmPlugin\","
                + "\"spec\":{\"pluginConfig\":"
                + BARE_JSON
                + "}}"),
        Arguments.of("a TrafficExtension", trafficExtension(BARE)),
        Arguments.of("an EnvoyExtensionPolicy", envoyExtensionPolicy(BARE)),
        Arguments.of(
            "a WasmPlugin with anchors",
            """
            apiVersion: extensions.istio.io/v1alpha1
            kind: WasmPlugin
            metadata: {annotations: &metric {count: limited}}
            spec:
              pluginConfig:
                naming: chargeback
                metrics:
                  calls: {<<: *metric}
            """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "# nothing but a comment",
        "---",
        "null",
        "{}",
        "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\n",
        "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nspec: {pluginConfig: null}\n",
      })
  void nothingMeansTheDefaults(String text) {
    assertThat(Configuration.read("file.yaml", text)).isEqualTo(Configuration.empty());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void aFileIsRefused(String what, String text, String... problems) {
    ConfigurationException refused = refused(text);

    assertThat(refused.file()).isEqualTo("file.yaml");
    assertThat(refused.problems().stream().map(Problem::toString)).containsExactly(problems);
    assertThat(refused.getMessage())
        .isEqualTo("file.yaml: " + String.join("\nfile.yaml: ", problems));
  }

  static List<Arguments> aFileIsRefused() {
    return List.of(
        refusal(
            "no configuration",
            SERVICE,
            "documents: no configuration in it; expected one, or a WasmPlugin, TrafficExtension or"
                + " EnvoyExtensionPolicy that contains one"),
        refusal(
            "a TrafficExtension without WebAssembly",
            "apiVersion: extensions.istio.io/v1alpha1\nkind: TrafficExtension\nspec: {lua: {}}\n",
            "documents: no configuration in it; expected one, or a WasmPlugin, TrafficExtension or"
                + " EnvoyExtensionPolicy that contains one"),
        refusal(
            "two WasmPlugins",
            wasmPlugin(BARE) + "---\n" + wasmPlugin(BARE),
            "documents: 2 configurations in it (spec.pluginConfig, spec.pluginConfig); expected"
                + " one"),
        refusal(
            "two bare configurations",
            BARE + "---\n" + BARE,
            "documents: 2 configurations in it (a document without apiVersion, a document without"
                + " apiVersion); expected one"),
        refusal(
            "an EnvoyExtensionPolicy with two filters",
            policy("[{config: {}}, {}]"),
            "documents: 2 configurations in it (spec.wasm[0].config, spec.wasm[1].config);"
                + " expected one"),
        refusal("a text", "calls", "configuration: expected a map"),
        refusal("a list", "[calls]", "configuration: expected a map"),
        refusal("a text inside", wasmPlugin("calls"), "spec.pluginConfig: expected a map"),
        refusal(
            "a spec that is a list",
            "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nspec: [a]\n",
            "spec: expected a map"),
        refusal("filters that are a map", policy("{config: {}}"), "spec.wasm: expected a list"),
        refusal("a filter that is a text", policy("[nametag]"), "spec.wasm[0]: expected a map"),
        refusal(
            "broken YAML",
            "naming: lossless\nmetrics:\n  calls: {count: all\n",
            "line 4: expected ',' or '}', but got <stream end>"),
        refusal(
            "a key twice",
            "metrics:\n  calls: {count: all}\n  calls: {count: limited}\n",
            "line 3: key \"calls\" is given twice"),
        refusal(
            "a key twice in JSON",
            "{\"naming\": \"lossless\",\n \"naming\": \"chargeback\"}",
            "line 2: key \"naming\" is given twice"),
        refusal(
            "a key that is a list",
            "metrics:\n  [calls]: {count: all}\n",
            "line 2: a key must be a text, not a list"),
        refusal(
            "an alias of nothing",
            "metrics: *metrics\n",
            "line 1: alias *metrics names nothing that stands before it"),
        refusal(
            "a control character", "naming: \0", "document: special characters are not allowed"),
        refusal("several problems", "budget: {series: 0}\nmetric: {}\n", several("")),
        refusal(
            "several problems in a WasmPlugin",
            wasmPlugin("budget: {series: 0}\nmetric: {}\n"),
            several("spec.pluginConfig.")),
        refusal(
            "several problems in a TrafficExtension",
            trafficExtension("budget: {series: 0}\nmetric: {}\n"),
            several("spec.wasm.pluginConfig.")),
        refusal(
            "several problems in an EnvoyExtensionPolicy",
            envoyExtensionPolicy("budget: {series: 0}\nmetric: {}\n"),
            several("spec.wasm[0].config.")),
        refusal(
            "a metric in a WasmPlugin",
            wasmPlugin("metrics: {calls: {count: each}}\n"),
            "spec.pluginConfig.metrics.calls.count: unknown outcome \"each\", expected authorized,"
                + " limited, denied, error, aborted or all"),
        refusal(
            "keys that are numbers",
            "metrics: {404: {count: all}}\n",
            "metrics.404: metric name \"404\" must be letters and digits in words joined by single"
                + " underscores, a letter first"),
        refusal(
            "numbers that JSON cannot write",
            wasmPlugin("budget: {series: .inf, valueBytes: .nan}\n"),
            "spec.pluginConfig.budget.series: expected a number, found Infinity",
            "spec.pluginConfig.budget.valueBytes: expected a number, found NaN"),
        refusal(
            "half a surrogate pair",
            "labels: {user: [{value: \"\\ud83d\"}]}\n",
            "labels.user[0].value: half a surrogate pair is no Unicode text"),
        refusal(
            "a code out of range",
            "metrics: {calls: {count: {code: 0x1F4F}}}\n",
            "metrics.calls.count.code: expected a code such as 404 or 2xx, found 8015"),
        refusal(
            "depth that the filter refuses",
            wasmPlugin("naming: " + "[".repeat(65) + "]".repeat(65) + "\n"),
            "spec.pluginConfig: nested deeper than 64"),
        refusal(
            "depth that YAML refuses",
            "naming:\n " + "[".repeat(10_000) + "]".repeat(10_000) + "\n",
            "line 2: nested deeper than 200"));
  }

  @Test
  void aCodeIsANumberOrAText() {
    Configuration configuration =
        Configuration.read(
            "file.yaml",
            """
            metrics:
              a: {count: {code: 404}}
              b: {count: {code: '404'}}
              c: {count: {code: 2xx}}
            """);

    assertThat(configuration.schema().metrics().stream().map(Metric::count).map(c -> c.code()))
        .containsExactly(
            new CodeCondition(404, 404), new CodeCondition(404, 404), new CodeCondition(200, 299));
    assertThat(configuration.json()).contains("{\"code\":404}", "{\"code\":\"404\"}");
  }

  @Test
  void keysThatYamlTakesForNumbersOrTruthAreKeptAsTheyAreSpelled() {
    Configuration configuration =
        Configuration.read(
            "file.yaml", "metrics: {true: {count: all}, on: {count: all}, e1: {count: all}}");

    assertThat(configuration.schema().metrics().stream().map(Metric::name))
        .containsExactly("true", "on", "e1");
  }

  @Test
  void textsReachTheFilterUnchanged() {
    String text = "\"\\ ünï \uD83D\uDE00 \u2028 \t\n yes 010";
    Configuration configuration =
        Configuration.read(
            "file.json",
            "{\"labels\":{\"user\":{\"value\":\"\\\"\\\\ \\u00fcn\u00ef \\ud83d\\ude00 \\u2028"
                + " \\t\\n yes 010\"}},\"metrics\":{\"c\":{\"count\":\"all\"}}}");

    assertThat(JsonReader.read(configuration.json()))
        .isEqualTo(
            Map.of(
                "labels", Map.of("user", Map.of("value", text)),
                "metrics", Map.of("c", Map.of("count", "all"))));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aBrokenFileIsReadOrRefusedAndNothingElse(long seed) {
    Random random = new Random(seed);
    String bare = Configurations.text(Profile.LOSSLESS);
    String[] files = {
      wasmPlugin(bare),
      SERVICE + "---\n" + trafficExtension(bare),
      envoyExtensionPolicy(bare),
      Configurations.of(Profile.CHARGEBACK).json(),
    };
    int read = 0;
    for (int i = 0; i < 2_000; i++) {
      String text = mutate(files[i % files.length], random);
      try {
        Configuration configuration = Configuration.read("file.yaml", text);

        read++;
        assertThat(Schema.parse(configuration.json())).isEqualTo(configuration.schema());
      } catch (ConfigurationException e) {
        assertThat(e.problems()).as(text).isNotEmpty();
        assertThat(e.getMessage()).as(text).startsWith("file.yaml: ");
      }
    }
    assertThat(read).as("some mutations are harmless").isBetween(1, 1_999);
  }

  private static String mutate(String text, Random random) {
    String[] tokens = {
      "{",
      "}",
      "[",
      "]",
      ":",
      ": ",
      ",",
      "\"",
      "'",
      "\n",
      "  ",
      "\t",
      "- ",
      "---\n",
      "&a ",
      "*a",
      "<<: ",
      "!!int ",
      "? ",
      "|",
      ">",
      "%",
      "@",
      "\\",
      "\\u",
      "\0",
      "\uD800",
      "é",
      "null",
      "~",
      "1e999",
      ".nan",
      "0x",
      "99999999999999999999",
      "apiVersion: v1\n",
      "kind: WasmPlugin\n",
    };
    StringBuilder out = new StringBuilder(text);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int from = random.nextInt(out.length());
      int to = Math.min(out.length(), from + random.nextInt(8));
      switch (random.nextInt(4)) {
        case 0 -> out.delete(from, to);
        case 1 -> out.insert(from, tokens[random.nextInt(tokens.length)]);
        case 2 -> out.replace(from, to, tokens[random.nextInt(tokens.length)]);
        default -> out.insert(random.nextInt(out.length()), out.substring(from, to));
      }
      if (out.isEmpty()) {
        out.append(' ');
      }
    }
    return out.toString();
  }

  private static ConfigurationException refused(String text) {
    return catchThrowableOfType(
        ConfigurationException.class, () -> Configuration.read("file.yaml", text));
  }

  private static Arguments refusal(String what, String text, String... problems) {
    return Arguments.of(what, text, problems);
  }

  private static String[] several(String path) {
    return new String[] {
      path + "metric: unknown key, expected one of naming, labels, metrics, budget",
      path + "budget.series: expected a whole number from 1 to 100000, found 0",
    };
  }

  private static String wasmPlugin(String configuration) {
    return "apiVersion: extensions.istio.io/v1alpha1\n"
        + "kind: WasmPlugin\n"
        + "metadata: {name: nametag}\n"
        + "spec:\n"
        + "  url: oci://registry.example.com/nametag:1\n"
        + "  pluginConfig:\n"
        + configuration.indent(4);
  }

  private static String trafficExtension(String configuration) {
    return "apiVersion: extensions.istio.io/v1alpha1\n"
        + "kind: TrafficExtension\n"
        + "spec:\n"
        + "  wasm:\n"
        + "    pluginConfig:\n"
        + configuration.indent(6);
  }

  private static String envoyExtensionPolicy(String configuration) {
    return policy("\n  - name: nametag\n    config:\n" + configuration.indent(6));
  }

  private static String policy(String wasm) {
    return "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyExtensionPolicy\n"
        + ("spec:\n  wasm: " + wasm + "\n");
  }
}
