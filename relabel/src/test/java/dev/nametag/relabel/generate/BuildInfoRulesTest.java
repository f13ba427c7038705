package dev.nametag.relabel.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelRulesReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of docs/self-metrics.md, as they stand there. */
class BuildInfoRulesTest {
  private static final String FENCE = "```";

  @ParameterizedTest
  @ValueSource(strings = {"0.1.0", "1.22.333", "10.0.7", "0.1.0-SNAPSHOT", "1.0.0-rc1"})
  void theVersionBecomesALabel(String version) throws IOException {
    assertThat(rules().apply(Labels.of("__name__", name(version), "pod", "a")))
        .hasValue(Labels.of("__name__", "nametag_build_info", "pod", "a", "version", version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.0", "1.0.0-a-b", "1.0.0 x", "x.y.z"})
  void whatIsNoVersionStaysAsItIs(String text) throws IOException {
    Labels labels = Labels.of("__name__", name(text), "version", "the target's");

    assertThat(rules().apply(labels)).hasValue(labels);
  }

  private static String name(String version) {
    return "nametag_build_info__version__"
        + new LosslessCodec(Math.max(1, version.length())).encode(LabelValue.of(version));
  }

  private static RelabelRules rules() throws IOException {
    String text = Files.readString(Path.of("../docs/self-metrics.md"));
    int start = text.indexOf(FENCE + "yaml\n") + FENCE.length() + 5;
    return RelabelRulesReader.read(
        "self-metrics.md", text.substring(start, text.indexOf(FENCE, start)));
  }
}
