package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.json.JsonReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see when they use the command, above all when something is wrong. */
class NametagTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "demo --help",
        "gateway --help",
        "config --help",
        "config check --help",
        "relabel --help",
        "relabel generate --help",
        "relabel apply --help",
        "manifests --help",
      })
  void everyCommandHasHelp(String args) {
    Run run = Run.of(args.split(" "));

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Usage: nametag");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "config",
        "relabel",
        "relabel generate",
        "relabel generate --target nowhere",
        "relabel generate --target prometheus --interval banana",
        "relabel generate --target prometheus --address a:99999",
        "relabel generate --target servicemonitor --port 0",
        "relabel generate --target servicemonitor --name X_Y",
        "manifests --target wasmplugin --url oci://x/y --namespace X",
        "relabel apply",
        "manifests --target wasmplugin",
        "manifests --target wasmplugin --url ftp://x/nametag.wasm",
        "demo --profile other",
        "demo --profile higress",
        "demo --admin nowhere",
        "config check",
      })
  void wrongUsageEndsInTwoAndSaysHow(String args) {
    Run run = Run.of(args.isEmpty() ? new String[0] : args.split(" "));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).doesNotContain("Usage:").doesNotContain("\tat ");
    assertThat(run.err().lines())
        .hasSizeLessThanOrEqualTo(3)
        .last()
        .asString()
        .startsWith("Try: nametag")
        .endsWith(" --help");
  }

  @Test
  void anUnknownCommandIsWrongUsageToo() {
    Run run = Run.of("confg");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("'confg'").contains("Did you mean: nametag config");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config check MISSING",
        "relabel generate --target prometheus --config MISSING",
        "relabel apply --rules MISSING",
        "manifests --target wasmplugin --url oci://x/y --config MISSING",
        "demo --module MISSING",
      })
  void aMissingFileIsSaidSo(String args) {
    String missing = folder.resolve("missing.yaml").toString();

    Run run = Run.of(args.replace("MISSING", missing).split(" "));

    assertThat(run).isEqualTo(new Run(1, "", missing + ": no such file\n"));
  }

  @Test
  void aGoodConfigurationIsOk() throws IOException {
    Path file = write("config.yaml", "naming: chargeback\nbudget: {series: 10}\n");

    assertThat(Run.of("config", "check", file.toString()))
        .isEqualTo(new Run(0, file + ": ok: naming chargeback, 3 labels, 4 metrics\n", ""));
  }

  @Test
  void aWrongConfigurationIsRefusedWithFileFieldValueAndReason() throws IOException {
    Path file = write("config.yaml", "naming: none\nmetrics: {a: {count: all, label: []}}\n");

    assertThat(Run.of("config", "check", file.toString()))
        .isEqualTo(
            new Run(
                1,
                "",
                file
                    + ": naming: unknown naming \"none\", expected lossless, chargeback, envoy-tags, prometheus-values or higress\n"
                    + file
                    + ": metrics.a.label: unknown key, expected one of count, add, record, labels\n"));
  }

  @Test
  void aWrongConfigurationIsRefusedAsJson() throws IOException {
    Path file = write("config.yaml", "naming: none\n");

    Run run = Run.of("config", "check", "--json", file.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(JsonReader.read(run.out()))
        .isEqualTo(
            List.of(
                Map.of(
                    "file", file.toString(),
                    "field", "naming",
                    "reason",
                        "unknown naming \"none\", expected lossless, chargeback, envoy-tags, prometheus-values or higress")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config check FILE",
        "relabel generate --target servicemonitor --config FILE",
        "relabel apply --rules FILE",
        "manifests --target wasmplugin --url oci://x/y --config FILE",
      })
  void brokenYamlIsRefusedWithItsLine(String args) throws IOException {
    Path file = write("broken.yaml", "a: b\nc: [\n");

    Run run = Run.of(args.replace("FILE", file.toString()).split(" "));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith(file + ": ").contains("line 3").doesNotContain("\tat ");
  }

  @Test
  void aFileThatIsNoModuleIsRefused() throws IOException {
    Path file = write("nametag.wasm", "not wasm");

    Run run = Run.of("demo", "--module", file.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(file + ": ").doesNotContain("\tat ");
  }

  @Test
  void aModuleThatTrapsIsSaidSo() throws IOException {
    Path file = folder.resolve("trap.wasm");
    Files.write(file, TinyModule.trapping());

    Run run = Run.of("demo", "--profile", "chargeback", "--module", file.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(file + ": ").contains("proxy_on_log").doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aPortInUseIsSaidSo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();

      Run run = Run.of("demo", "--profile", "chargeback", "--admin", address);

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains(address + ": cannot listen: ").doesNotContain("\tat ");
    }
  }

  @Test
  void rulesThatAreGeneratedCanBeAppliedToAPage() throws IOException {
    Path config =
        write(
            "config.yaml",
            """
            labels: {user: auth.identity.userid}
            metrics: {calls: {count: all, labels: [user]}}
            """);
    Run generated =
        Run.of("relabel", "generate", "--target", "servicemonitor", "--config", config.toString());
    Path rules = write("monitor.yaml", generated.out());
    Path page =
        write(
            "page.txt",
            """
            # TYPE calls__user__a_40b counter
            calls__user__a_40b{} 3
            # TYPE calls__user___c3_a9 counter
            calls__user___c3_a9{} 4
            # TYPE other counter
            other{x="y"} 5
            """);

    Run applied = Run.of("relabel", "apply", "--rules", rules.toString(), page.toString());

    assertThat(applied.status()).isZero();
    assertThat(applied.out())
        .contains("calls{user=\"a@b\"} 3\n", "calls{user=\"~_c3_a9\"} 4\n", "other{x=\"y\"} 5\n");
    assertThat(applied.err()).isEmpty();
  }

  @Test
  void seriesThatTheRulesMergeAreReported() throws IOException {
    Path rules = write("rules.yaml", "- {action: labeldrop, regex: user}\n");
    Path page = write("page.txt", "calls{user=\"a\"} 1\ncalls{user=\"b\"} 2\n");

    Run applied = Run.of("relabel", "apply", "--rules", rules.toString(), page.toString());

    assertThat(applied.err())
        .isEqualTo(
            page
                + ": calls{user=\"b\"}: has the same labels as calls{user=\"a\"};"
                + " Prometheus drops it\n");
  }

  @Test
  void theManifestContainsTheConfigurationAndIsReadBack() throws IOException {
    Path config = write("config.yaml", "naming: chargeback\nbudget: {series: 7}\n");
    Run manifest =
        Run.of(
            "manifests",
            "--target",
            "wasmplugin",
            "--url",
            "oci://registry.example.com/nametag:1",
            "--config",
            config.toString(),
            "--selector",
            "app=gateway",
            "--namespace",
            "llm-d");
    Path plugin = write("plugin.yaml", manifest.out());

    assertThat(manifest.status()).isZero();
    assertThat(manifest.out()).contains("kind: WasmPlugin", "app: gateway", "series: 7");
    assertThat(Run.of("config", "check", plugin.toString()).out())
        .isEqualTo(plugin + ": ok: naming chargeback, 3 labels, 4 metrics\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"envoy-tags", "prometheus-values"})
  void namesThatNoRulesReadAreRefused(String naming) throws IOException {
    Path config = write("config.yaml", "naming: " + naming + "\n");

    Run run =
        Run.of("relabel", "generate", "--target", "prometheus", "--config", config.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith(config + ": naming: " + naming + ": ");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
