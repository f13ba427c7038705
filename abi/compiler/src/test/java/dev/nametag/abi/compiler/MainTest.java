package dev.nametag.abi.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.abi.compiler.samples.GoodFilter;
import dev.nametag.abi.compiler.samples.SurpriseFilter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @Test
  void writesTheModuleAndSaysHowLargeItIs() throws Exception {
    Path output = folder.resolve("filter.wasm");

    int status = run(GoodFilter.class.getName(), output.toString());

    assertThat(status).isZero();
    assertThat(out).hasToString(output + ": " + Files.size(output) + " bytes\n");
    assertThat(err.size()).isZero();
  }

  @Test
  void aRefusedFilterIsStatusOneAndEachReasonALine() {
    String filter = SurpriseFilter.class.getName();
    Path output = folder.resolve("filter.wasm");

    int status = run(filter, output.toString());

    assertThat(status).isEqualTo(1);
    assertThat(err)
        .hasToString(
            filter
                + ": export surprise: no host calls it; made by "
                + filter
                + ".nobodyCallsThis\n");
    assertThat(out.size()).isZero();
    assertThat(output).doesNotExist();
  }

  @Test
  void anOutputThatCannotBeWrittenIsStatusOne() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    int status = run(GoodFilter.class.getName(), file.resolve("filter.wasm").toString());

    assertThat(status).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(file + "/filter.wasm: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Filter", "Filter out.wasm more"})
  void wrongArgumentsAreStatusTwo(String arguments) {
    int status = run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1));

    assertThat(status).isEqualTo(2);
    assertThat(err).hasToString("usage: MAIN_CLASS OUTPUT\n");
  }

  private int run(String... arguments) {
    return Main.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
