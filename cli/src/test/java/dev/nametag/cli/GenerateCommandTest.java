package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.relabel.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "servicemonitor, kind: ServiceMonitor",
    "podmonitor, kind: PodMonitor",
    "scrapeconfig, kubernetesSDConfigs",
    "scrapeconfig --address 127.0.0.1:1 --label a=b, staticConfigs",
    "prometheus, metric_relabel_configs",
    "vmagent, action: replace_all",
    "vmagent --decode common, '{0,15}'",
    "vmservicescrape, kind: VMServiceScrape",
    "otel-collector, transform/nametag",
  })
  void everyTargetIsPrintedBehindAComment(String target, String contains) {
    Run run = generate(target);

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("# ").contains(contains);
    assertThat(YamlReader.read("out", run.out())).isNotEmpty().doesNotContainNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prometheus", "vmagent"})
  void withoutDecodingTheRulesAreFew(String target) {
    assertThat(generate(target + " --decode none").out())
        .contains("# 13 rules: 4 for user, 4 for group, 4 for namespace, 1 for the names.");
  }

  @Test
  void theAlphabetAndTheBoundReachTheRules() {
    String out = generate("prometheus --decode-alphabet .@ --decode-escapes 3").out();

    assertThat(out).contains("digits and \".@\", at most 3 of the latter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prometheus --decode-alphabet a | --decode-alphabet: 'a' cannot be decoded",
        "prometheus --decode-alphabet < | --decode-alphabet: the rules themselves use '<'",
        "prometheus --decode-escapes 0 | --decode-escapes: 0 is not positive",
        "prometheus --decode-escapes 17 | --decode-escapes: 17 is more than 16",
        "prometheus --label __name__=x | --label: \"__name__\" is a label that Prometheus and the rules",
        "vmagent --label __tmp_nametag_user=x | --label: \"__tmp_nametag_user\" is a label that",
        "scrapeconfig --address a:1 --label __address__=x | --label: \"__address__\" is a label that",
        "scrapeconfig --address a:1 --label user=x | --label: \"user\" is a label of the configuration",
        "prometheus --label group=x | --label: \"group\" is a label of the configuration",
        "vmagent --label namespace=x | --label: \"namespace\" is a label of the configuration",
        "prometheus --label a-b=x | --label: \"a-b\" is no label name",
        "prometheus --decode half | Invalid value for option '--decode'",
      })
  void aWrongOptionIsWrongUsage(String args, String message) {
    Run run = generate(args);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "envoy-stats-tags",
        "envoy-stats-tags --form envoyproxy",
        "istio-extra-stat-tags",
        "istio-extra-stat-tags --form meshconfig",
      })
  void aConfigurationThatATargetCannotServeIsRefused(String args) throws IOException {
    Path file = Files.writeString(folder.resolve("config.yaml"), "naming: lossless\n");

    Run run = generate(args + " --config " + file);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith(
            file + ": naming: lossless: the target " + args.replaceFirst(" .*", "") + " is for ");
  }

  private static Run generate(String target) {
    List<String> args = new ArrayList<>(List.of("relabel", "generate", "--target"));
    args.addAll(List.of(target.split(" ")));
    return Run.of(args.toArray(new String[0]));
  }
}
