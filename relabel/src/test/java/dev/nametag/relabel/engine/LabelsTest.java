package dev.nametag.relabel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelsTest {
  @Test
  void labelsAreSortedByName() {
    assertThat(Labels.of("b", "2", "a", "1", "__name__", "x").asMap())
        .containsExactly(Map.entry("__name__", "x"), Map.entry("a", "1"), Map.entry("b", "2"));
  }

  @Test
  void namesAreOrderedAsTheirUtf8Bytes() {
    Labels labels = Labels.of("\uD83D\uDE00", "1", "\uFF5E", "2");

    assertThat(labels.name(0)).isEqualTo("\uFF5E");
  }

  @Test
  void emptyValueIsNoLabel() {
    assertThat(Labels.of("a", "", "b", "1")).isEqualTo(Labels.of("b", "1"));
  }

  @Test
  void nameGivenTwiceIsRefused() {
    assertThatThrownBy(() -> Labels.of("a", "1", "a", "2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label \"a\" is given twice");
  }

  @Test
  void thousandsOfLabelsAreSorted() {
    Labels.Builder builder = Labels.builder();
    IntStream.range(0, 50_000).forEach(i -> builder.add("n" + (50_000 - i), "v"));

    assertThat(builder.build().name(0)).isEqualTo("n1");
  }

  @Test
  void textReadsLikeASelector() {
    assertThat(Labels.of("__name__", "calls", "user", "a\"b"))
        .hasToString("calls{user=\"a\\\"b\"}");
  }

  @Test
  void nameOutsideTheClassicSetIsQuotedInText() {
    assertThat(Labels.of("__name__", "a.b", "c.d", "1"))
        .hasToString("{__name__=\"a.b\", \"c.d\"=\"1\"}");
  }
}
