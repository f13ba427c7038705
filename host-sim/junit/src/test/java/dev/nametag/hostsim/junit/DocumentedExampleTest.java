package dev.nametag.hostsim.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example that users read is the one that runs here. */
class DocumentedExampleTest {

  private static final Path TESTS = Path.of("src/test/java/dev/nametag/hostsim/junit");
  private static final Path PAGE = Path.of("../../docs/testing-filters.md");

  @Test
  void theDocumentShowsTheTestThatRuns() throws IOException {
    String source = Files.readString(TESTS.resolve("CallsByUserTest.java"));
    String example = source.substring(source.indexOf("class CallsByUserTest")).strip();

    assertThat(PAGE).content().contains(example);
  }

  @Test
  void theDocumentShowsTheTestsOfConnectionsThatRun() throws IOException {
    String source = Files.readString(TESTS.resolve("FirstWordTest.java"));
    String examples = source.substring(source.indexOf("  @Test"), source.lastIndexOf('}'));

    assertThat(PAGE).content().contains(examples.stripTrailing().stripIndent());
  }
}
