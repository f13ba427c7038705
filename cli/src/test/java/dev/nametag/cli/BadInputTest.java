package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of bad file at every place where a command reads one: exit status 1, and a line that
 * says which file, and where in it.
 */
class BadInputTest {
  @TempDir private Path folder;

  /** What is wrong with a file, and what follows its name in the message. */
  enum Bad {
    MISSING("no such file"),
    DIRECTORY("is a directory"),
    UNREADABLE("permission denied"),
    BROKEN("(line [13]: .*|.*\\(line 3\\))"),
    UNKNOWN_KEY(".*(surplus|documents|rules).*"),
    BINARY("(not UTF-8 text|line 1: .*)"),
    CONTROL("(line 1: .*|.*\\(line 1\\)|.* control .*|document: .*|special characters.*)"),
    ENDLESS_LINE("(line 1: longer than 1048576 bytes|larger than 8388608 bytes)"),
    ENDLESS_FILE("(line \\d+: .*|larger than \\d+ bytes)"),
    MANY_VALUES("(line \\d+: .*|.*more than 250000 values \\(line \\d+\\))");

    private final String message;

    Bad(String message) {
      this.message = message;
    }

    private byte[] bytes() {
      String text =
          switch (this) {
            case MISSING, DIRECTORY -> "";
            case UNREADABLE -> "a: b\n";
            case BROKEN -> "a: b\nc: [\n]]\n";
            case UNKNOWN_KEY -> "surplus: 1\n";
            case BINARY -> "";
            case CONTROL -> "a\u0001\0: b\n";
            case ENDLESS_LINE -> "a".repeat(9 << 20);
            case ENDLESS_FILE -> "# not a sample\na: b\n".repeat(1 << 19);
            case MANY_VALUES -> "[a" + ",a".repeat(300_000) + "]";
          };
      return this == BINARY
          ? new byte[] {(byte) 0x80, 1, (byte) 0xff, (byte) 0xfe, 'a'}
          : text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** BAD is the file that is wrong; the others are fine. */
  private static final List<String> YAML =
      List.of(
          "config check BAD",
          "config check BAD --against PAGE",
          "relabel generate --target servicemonitor --config BAD",
          "relabel generate --target servicemonitor --check BAD",
          "relabel apply --rules BAD PAGE",
          "relabel explain --rules BAD series",
          "relabel lint --rules BAD",
          "relabel lint --rules RULES --config BAD",
          "relabel test BAD",
          "gateway --config BAD",
          "gateway --gateway BAD",
          "manifests --target wasmplugin --url oci://x/y --config BAD");

  private static final List<String> PAGES =
      List.of(
          "relabel apply --rules RULES BAD",
          "relabel lint --rules RULES --page BAD",
          "config check CONFIG --against BAD");

  static Stream<Arguments> files() {
    List<Arguments> all = new ArrayList<>();
    for (Bad bad : Bad.values()) {
      for (String command : YAML) {
        // What has no rules in it is another file than meant; lint says so and goes on.
        boolean noRules = bad == Bad.UNKNOWN_KEY && command.startsWith("relabel lint --rules BAD");
        boolean drift = bad == Bad.UNKNOWN_KEY && command.contains("--check");
        if (!noRules && !drift) {
          all.add(Arguments.of(command, bad));
        }
      }
      for (String command : PAGES) {
        // A page may have a metric that is called surplus.
        if (bad != Bad.MANY_VALUES && bad != Bad.UNKNOWN_KEY) {
          all.add(Arguments.of(command, bad));
        }
      }
    }
    return all.stream();
  }

  static Stream<Arguments> stdin() {
    Set<Bad> kinds = EnumSet.of(Bad.BROKEN, Bad.BINARY, Bad.ENDLESS_LINE);
    return files().filter(arguments -> kinds.contains(arguments.get()[1]));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("files")
  void aBadFileIsRefusedInOneLine(String command, Bad bad) throws IOException {
    Path file = folder.resolve("bad.file");
    if (bad == Bad.DIRECTORY) {
      Files.createDirectory(file);
    } else if (bad != Bad.MISSING) {
      Files.write(file, bad.bytes());
    }
    if (bad == Bad.UNREADABLE) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
      assumeFalse(Files.isReadable(file), "this user may read every file");
    }

    Run run = Run.of(arguments(command, file.toString()));

    check(run, file.toString(), bad);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("stdin")
  void badStdinIsRefusedInOneLine(String command, Bad bad) throws IOException {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(bad.bytes()));
    try {
      check(Run.of(arguments(command, "-")), "stdin", bad);
    } finally {
      System.setIn(before);
    }
  }

  private static void check(Run run, String file, Bad bad) {
    assertThat(run.err()).doesNotContain("\tat ").doesNotContain("Exception").endsWith("\n");
    assertThat(run.err().lines()).as(run.err()).hasSize(1);
    assertThat(run.err()).startsWith(file + ": ");
    assertThat(run.err().substring(file.length() + 2).strip()).matches(bad.message);
    assertThat(run.err().length()).isLessThan(1000);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
  }

  private String[] arguments(String command, String bad) throws IOException {
    return command
        .replace("BAD", bad)
        .replace(
            "RULES",
            write("r.yml", "- {source_labels: [__name__], regex: (calls), target_label: a}\n"))
        .replace("CONFIG", write("c.yaml", "naming: lossless\n"))
        .replace("PAGE", write("page.txt", "calls 1\n"))
        .split(" ");
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
