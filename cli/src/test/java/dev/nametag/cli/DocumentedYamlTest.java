package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.manifests.Configuration;
import dev.nametag.relabel.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation shows as YAML can be used as it stands there. */
class DocumentedYamlTest {
  private static final Path ROOT = Path.of("..");

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void everyBlockIsReadAndEveryConfigurationIsAccepted(String where, String yaml) {
    Object document = YamlReader.read(where, yaml).get(0);

    boolean isConfiguration = document instanceof Map<?, ?> map && map.containsKey("metrics");
    if (isConfiguration) {
      assertThat(Configuration.read(where, yaml).schema().metrics()).isNotEmpty();
    }
  }

  static List<Arguments> everyBlockIsReadAndEveryConfigurationIsAccepted() throws IOException {
    List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
    }
    List<Arguments> blocks = new ArrayList<>();
    for (Path file : files) {
      StringBuilder block = null;
      int number = 0;
      int start = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        if (line.strip().equals("```yaml")) {
          block = new StringBuilder();
          start = number;
        } else if (block != null && line.strip().equals("```")) {
          blocks.add(Arguments.of(file.getFileName() + " line " + start, block.toString()));
          block = null;
        } else if (block != null) {
          block.append(line).append('\n');
        }
      }
    }
    return blocks;
  }

  @Test
  void aSelectorWithoutQuotesInBracesIsToldToHaveThem(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"), "labels:\n  u: { from: request.headers[\"x\"] }\n");

    assertThat(Run.of("config", "check", file.toString()).err())
        .isEqualTo(
            file
                + ": line 2: expected ',' or '}', but got [; within { } or [ ], a text with brackets"
                + " needs quotes around it\n");
  }
}
