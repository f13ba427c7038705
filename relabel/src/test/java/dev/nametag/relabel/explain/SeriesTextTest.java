package dev.nametag.relabel.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.relabel.engine.Labels;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "calls{pod=\"x\"}",
        "calls{pod=\"x\"} 3",
        "calls{pod=\"x\"} 3 17",
        " calls{pod=\"x\",}"
      })
  void aValueAndATimeAreIgnored(String text) {
    assertThat(SeriesText.parse(text)).isEqualTo(Labels.of("__name__", "calls", "pod", "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"calls", "calls{}", "calls{} 0"})
  void aBareNameIsASeries(String text) {
    assertThat(SeriesText.parse(text)).isEqualTo(Labels.of("__name__", "calls"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "# HELP x y", "a\nb", "calls{", "calls{pod=x}", "calls 1 2 3", "\u0000"})
  void anythingElseIsRefusedWithAReason(String text) {
    assertThatThrownBy(() -> SeriesText.parse(text))
        .isInstanceOf(InvalidSeriesException.class)
        .message()
        .isNotEmpty();
  }

  @Test
  void aSeriesIsWrittenAsItIsRead() {
    Labels labels = Labels.of("__name__", "calls", "pod", "a\"b\\c\nd");

    assertThat(SeriesText.parse(SeriesText.of(labels))).isEqualTo(labels);
  }

  @Test
  void linesOfAPageAreSeriesWithoutItsComments() {
    SeriesLines lines = lines("# TYPE a counter\n\na 1\n  # x\nb 2");

    assertThat(lines.next()).contains("a 1");
    assertThat(lines.next()).contains("b 2");
    assertThat(lines.lineNumber()).isEqualTo(5);
    assertThat(lines.next()).isEmpty();
  }

  @Test
  void anEndlessLineIsRefused() {
    assertThatThrownBy(() -> lines("a".repeat(1 << 21)).next())
        .isInstanceOf(InvalidSeriesException.class)
        .hasMessage("longer than 1048576 bytes");
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    SeriesLines lines = new SeriesLines(new ByteArrayInputStream(new byte[] {(byte) 0xff, 'a'}));

    assertThatThrownBy(lines::next)
        .isInstanceOf(InvalidSeriesException.class)
        .hasMessage("not UTF-8 text");
  }

  private static SeriesLines lines(String text) {
    return new SeriesLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
