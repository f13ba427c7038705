package dev.nametag.hostsim.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example that users read is the one that runs here. */
class DocumentedExampleTest {

  @Test
  void theDocumentShowsTheTestThatRuns() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/nametag/hostsim/junit/CallsByUserTest.java"));
    String example = source.substring(source.indexOf("class CallsByUserTest")).strip();

    assertThat(Path.of("../../docs/testing-filters.md")).content().contains(example);
  }
}
