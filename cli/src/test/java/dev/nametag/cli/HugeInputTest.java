package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * More input than memory: 20 MB, or with {@code -Dnametag.hugeBytes=200000000} 200 MB, on stdin of
 * a JVM that may take 64 MiB: pages of very many series, a line without end. Each command ends with
 * a message or with a result, never with a stack trace.
 */
class HugeInputTest {
  private static final long BYTES = Long.getLong("nametag.hugeBytes", 20_000_000);
  private static final String MEMORY = "-Xmx64m";

  @TempDir private Path folder;

  /** What is piped in. */
  enum Kind {
    /** As a proxy writes them: a name for each identity, each with its TYPE. */
    PAGE,
    /** Every series with labels of its own, nothing declared. */
    LABELS,
    HELP,
    LINE,
    YAML;

    private byte[] chunk(int number) {
      StringBuilder chunk = new StringBuilder();
      for (int i = 0; i < 500; i++) {
        String id = number + "x" + i;
        chunk.append(
            switch (this) {
              case PAGE ->
                  "# TYPE calls__user__%s counter\ncalls__user__%s{pod=\"a\"} 1\n"
                      .formatted(id, id);
              case LABELS -> "calls{user=\"%s\",pod=\"%s\",a=\"%s\"} 1\n".formatted(id, id, id);
              case HELP -> "# HELP calls_%s Calls.\n".formatted(id);
              case LINE -> "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
              case YAML -> "- a\n- b\n";
            });
      }
      return chunk.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "relabel apply --rules RULES - | PAGE | 1 | stdin: line \\d+: too large: .*",
        "relabel apply --rules RULES - | LABELS | 1 | stdin: line \\d+: too large: .*",
        "relabel apply --rules RULES - | HELP | 1 | stdin: line \\d+: too large: .*",
        "relabel apply --rules RULES - | LINE | 1 | stdin: line 1: longer than 1048576 bytes",
        "relabel lint --rules RULES --page - | PAGE | 1 | (?s).*only \\d+ series were looked at.*",
        "relabel lint --rules RULES --page - | LABELS | 1 | (?s).*only \\d+ series were looked at.*",
        "relabel lint --rules RULES --page - | LINE | 1 | stdin: line 1: longer than 1048576 bytes",
        "relabel explain --rules RULES - | LINE | 1 | stdin: line 1: longer than 1048576 bytes",
        "config check CONFIG --against - | PAGE | 0 | (?s).*only the first \\d+ series were compared.*",
        "config check CONFIG --against - | LINE | 1 | stdin: line 1: longer than 1048576 bytes",
        "relabel lint --rules - | YAML | 1 | stdin: larger than 8388608 bytes",
        "config check - | LINE | 1 | stdin: larger than 8388608 bytes",
      })
  void anyAmountOfInputTakesABoundedMemory(String args, Kind kind, int status, String message)
      throws Exception {
    String rules =
        write(
            "r.yml",
            """
            - {source_labels: [__name__], regex: calls__user__(.*), target_label: user}
            - {source_labels: [__name__], regex: (calls)__user__.*, target_label: __name__}
            """);
    String config =
        write(
            "c.yaml",
            "{labels: {user: auth.identity.userid}, metrics: {calls: {count: all, labels: [user]}}}");

    Process process = start(args.replace("RULES", rules).replace("CONFIG", config).split(" "));
    try {
      feed(kind, process.getOutputStream());
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    String err = Files.readString(folder.resolve("err")).strip();
    assertThat(err).doesNotContain("\tat ").doesNotContain("OutOfMemoryError").matches(message);
    assertThat(process.exitValue()).isEqualTo(status);
  }

  private Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(MEMORY, "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Nametag.class.getName());
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  /** Writes until all is written or the other side has seen enough. */
  private static void feed(Kind kind, OutputStream to) {
    try (to) {
      long written = 0;
      for (int i = 0; written < BYTES; i++) {
        byte[] chunk = kind.chunk(i);
        to.write(chunk);
        written += chunk.length;
      }
    } catch (IOException e) {
      // The command has ended.
    }
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
