package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see of explain, lint, test, --check and --against. */
class RelabelToolsTest {
  private static final String RULES =
      """
      - {source_labels: [__name__], regex: calls__user__(.*), target_label: user}
      - {source_labels: [__name__], regex: (calls)__user__.*, target_label: __name__}
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"relabel explain", "relabel lint", "relabel test"})
  void everyToolHasHelpAndSaysWhatIsMissing(String command) {
    assertThat(Run.of((command + " --help").split(" ")).out())
        .startsWith("Usage: nametag " + command);
    assertThat(Run.of(command.split(" ")).status()).isEqualTo(2);
  }

  @Test
  void explainShowsTheSteps() throws IOException {
    Run run = Run.of("relabel", "explain", "--rules", write("r.yml", RULES), "calls__user__a");

    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("sets user = \"a\"", "  = calls{user=\"a\"}\n");
  }

  @Test
  void explainReadsLinesOfAPage() throws IOException {
    Run run =
        withStdin(
            "# TYPE calls__user__a counter\ncalls__user__a{} 3\n\nother 1\n",
            "relabel",
            "explain",
            "--json",
            "--rules",
            write("r.yml", RULES),
            "-");

    assertThat((List<?>) JsonReader.read(run.out())).hasSize(4);
  }

  @Test
  void explainWritesAPage() throws IOException {
    Run run = Run.of("relabel", "explain", "--html", "--rules", write("r.yml", RULES), "other");

    assertThat(run.out()).startsWith("<!DOCTYPE html>").contains("changed nothing");
  }

  @Test
  void whatIsNoSeriesIsRefusedWithItsLine() throws IOException {
    String rules = write("r.yml", RULES);

    assertThat(Run.of("relabel", "explain", "--rules", rules, "a{"))
        .isEqualTo(new Run(1, "", "SERIES: expected a label name, found \"1\"\n"));
    assertThat(withStdin("a 1\nb{\n", "relabel", "explain", "--rules", rules, "-").err())
        .startsWith("stdin: line 2: ");
  }

  @Test
  void anEndlessLineOnStdinIsRefused() throws IOException {
    Run run =
        withStdin("a".repeat(3 << 20), "relabel", "explain", "--rules", write("r.yml", RULES), "-");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("stdin: line 1: longer than 1048576 bytes\n");
  }

  @Test
  void lintPrintsFindingsAndEndsWithOne() throws IOException {
    String rules = write("r.yml", "- {source_labels: [a], target_label: pod}\n");

    Run text = Run.of("relabel", "lint", "--rules", rules);
    Run json = Run.of("relabel", "lint", "--json", "--rules", rules);

    assertThat(text.status()).isEqualTo(1);
    assertThat(text.out()).startsWith(rules + ": [0]: overwritten-target-label: ");
    assertThat(((Map<?, ?>) ((List<?>) JsonReader.read(json.out())).get(0)).keySet())
        .map(Object::toString)
        .containsExactly("id", "file", "rule", "path", "reason", "example", "instead");
  }

  @Test
  void lintEndsWithZeroWhenThereIsNothing() throws IOException {
    String page = write("page.txt", "calls__user__a 1\ncalls__user__b 1\n");
    String rules =
        write("r.yml", "- {source_labels: [__name__], regex: 'envoy_.*', action: keep}\n");

    Run run = Run.of("relabel", "lint", "--rules", rules, "--page", page);

    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("0 findings\n");
    assertThat(run.err()).contains("2 series before the rules, 0 after");
  }

  @Test
  void testsPassAndFail() throws IOException {
    write("r.yml", RULES);
    String good =
        write(
            "good.yaml",
            """
            rules_file: r.yml
            tests: [{name: n, input: [calls__user__a], expect: ['calls{user="a"}']}]
            """);
    String bad =
        write(
            "bad.yaml",
            "rules_file: r.yml\ntests: [{name: n, input: [calls__user__a], expect: [calls]}]\n");
    Path junit = folder.resolve("junit.xml");

    Run passed = Run.of("relabel", "test", good);
    Run failed = Run.of("relabel", "test", good, bad, "--junit", junit.toString());

    assertThat(passed).isEqualTo(new Run(0, "ok      " + good + ": n\n1 tests, 0 failed\n", ""));
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.out()).contains("FAILED  " + bad + ": n\n", "      + user=\"a\"\n");
    assertThat(Files.readString(junit)).contains("failures=\"0\"", "failures=\"1\"");
  }

  @Test
  void aRulesFileThatIsMissingIsSaidSo() throws IOException {
    String file = write("t.yaml", "rules_file: no.yml\ntests: []\n");

    assertThat(Run.of("relabel", "test", file).err())
        .isEqualTo(folder.resolve("no.yml") + ": no such file\n");
  }

  @Test
  void checkFindsDrift() throws IOException {
    String generated = Run.of("relabel", "generate", "--target", "servicemonitor").out();
    String same = write("same.yaml", "# deployed\n" + generated);
    String other = write("other.yaml", generated.replace("15s", "30s"));

    assertThat(Run.of("relabel", "generate", "--target", "servicemonitor", "--check", same))
        .isEqualTo(new Run(0, "", ""));
    Run drifted = Run.of("relabel", "generate", "--target", "servicemonitor", "--check", other);
    assertThat(drifted.status()).isEqualTo(1);
    assertThat(drifted.out())
        .contains("spec.endpoints[0].interval: deployed \"30s\"; generated \"15s\"");
  }

  @Test
  void againstComparesWithAPage() throws IOException {
    String config = write("c.yaml", "naming: lossless\n");
    String good = write("good.txt", "authorized_calls_total 1\n");
    String bad = write("bad.txt", "authorized_calls_total__user__a 1\n");

    Run fine = Run.of("config", "check", config, "--against", good);
    Run wrong = Run.of("config", "check", config, "--against", bad, "--json");

    assertThat(fine.status()).isZero();
    assertThat(fine.err()).contains(good + ": limited_calls_total: not on the page\n");
    assertThat(wrong.status()).isEqualTo(1);
    assertThat((List<?>) JsonReader.read(wrong.out())).hasSize(1);
  }

  @Test
  void aTestsNameReachesTheTerminalWithoutItsControlCharacters() throws IOException {
    String tests =
        write(
            "t.yaml",
            """
            rules: [{action: drop, source_labels: [__name__], regex: x}]
            tests: [{name: "a\\e[31m\\nok", input: [x], dropped: true}]
            """);

    assertThat(Run.of("relabel", "test", tests))
        .isEqualTo(
            new Run(0, "ok      " + tests + ": a\\u001b[31m\\u000aok\n1 tests, 0 failed\n", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relabel explain --rules BAD a",
        "relabel lint --rules BAD",
        "relabel test BAD",
        "relabel generate --target servicemonitor --check BAD",
        "config check BAD --against PAGE",
      })
  void badFilesAreRefusedInOneLine(String args) throws IOException {
    String page = write("page.txt", "a 1\n");
    String broken = write("broken.yaml", "a: b\nc: [\n");
    Path binary = folder.resolve("binary.yaml");
    Files.write(binary, new byte[] {0, 1, (byte) 0xff, (byte) 0xfe, 'a'});

    Run brokenRun = Run.of(args.replace("PAGE", page).replace("BAD", broken).split(" "));
    Run binaryRun = Run.of(args.replace("PAGE", page).replace("BAD", binary.toString()).split(" "));

    assertThat(brokenRun.status()).isEqualTo(1);
    assertThat(brokenRun.err())
        .startsWith(broken + ": ")
        .contains("line 3")
        .doesNotContain("\tat ");
    assertThat(binaryRun).isEqualTo(new Run(1, "", binary + ": not UTF-8 text\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"relabel lint --rules RULES --page BAD", "config check CONFIG --against BAD"})
  void badPagesAreRefusedWithTheirLine(String args) throws IOException {
    String rules = write("r.yml", RULES);
    String config = write("c.yaml", "naming: lossless\n");
    String endless = write("endless.txt", "ok 1\n" + "a".repeat(3 << 20));
    String broken = write("broken.txt", "ok 1\nnot a sample\n");
    String known = args.replace("RULES", rules).replace("CONFIG", config);

    assertThat(Run.of(known.replace("BAD", endless).split(" ")))
        .isEqualTo(new Run(1, "", endless + ": line 2: longer than 1048576 bytes\n"));
    assertThat(Run.of(known.replace("BAD", broken).split(" ")).err())
        .startsWith(broken + ": line 2: ");
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static Run withStdin(String text, String... args) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    try {
      return Run.of(args);
    } finally {
      System.setIn(before);
    }
  }
}
