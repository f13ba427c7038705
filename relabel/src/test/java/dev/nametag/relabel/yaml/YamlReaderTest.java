package dev.nametag.relabel.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class YamlReaderTest {
  private static Object one(String text) {
    return YamlReader.read("f", text).get(0);
  }

  static Stream<Arguments> scalars() {
    return Stream.of(
        Arguments.of("yes", "yes"),
        Arguments.of("on", "on"),
        Arguments.of("y", "y"),
        Arguments.of("2001-01-01", "2001-01-01"),
        Arguments.of("1:30", "1:30"),
        Arguments.of("1_000", "1_000"),
        Arguments.of("true", true),
        Arguments.of("False", false),
        Arguments.of("12", 12L),
        Arguments.of("-0", 0L),
        Arguments.of("0x1F", 31L),
        Arguments.of("0o17", 15L),
        Arguments.of("017", 17L),
        Arguments.of("18446744073709551615", new BigInteger("18446744073709551615")),
        Arguments.of("1e3", 1000.0),
        Arguments.of(".5", 0.5),
        Arguments.of("-.inf", Double.NEGATIVE_INFINITY),
        Arguments.of("'12'", "12"),
        Arguments.of("\"a\\u00e9\\n\"", "aé\n"),
        Arguments.of("!!str 12", "12"),
        Arguments.of("! 12", "12"),
        Arguments.of("!!float 12", 12L),
        Arguments.of("|\n  a\n  b\n", "a\nb\n"),
        Arguments.of("9".repeat(401), "9".repeat(401)));
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void scalarIsReadByTheCoreSchema(String text, Object value) {
    assertThat(one(text)).isEqualTo(value);
  }

  @Test
  void nullsAreNull() {
    assertThat(one("[~, null, ]")).isEqualTo(Arrays.asList(null, null));
  }

  @Test
  void mapsKeepTheirOrder() {
    assertThat(((Map<?, ?>) one("{z: 1, a: 2, m: 3}")).keySet().stream().map(Object::toString))
        .containsExactly("z", "a", "m");
  }

  @Test
  void documentsAreSeparate() {
    assertThat(YamlReader.read("f", "a\n---\nb\n---\n")).isEqualTo(Arrays.asList("a", "b", null));
  }

  @Test
  void emptyFileHasNoDocuments() {
    assertThat(YamlReader.read("f", "# nothing\n")).isEmpty();
  }

  @Test
  void aliasStandsForItsValue() {
    assertThat(one("[&x {a: 1}, *x]")).isEqualTo(List.of(Map.of("a", 1L), Map.of("a", 1L)));
  }

  @Test
  void mergeKeyAddsWhatTheMapDoesNotSay() {
    assertThat(one("base: &b {a: 1, c: 3}\nit: {<<: *b, a: 2}"))
        .isEqualTo(Map.of("base", Map.of("a", 1L, "c", 3L), "it", Map.of("a", 2L, "c", 3L)));
  }

  @Test
  void valueKnowsItsLine() {
    YamlMap map = (YamlMap) YamlReader.readNodes("f", "a: 1\nb:\n  - x\n").get(0);

    assertThat(map.get("b").get().line()).isEqualTo(3);
    assertThat(map.keyLine("b")).isEqualTo(2);
  }

  @Test
  void scalarKnowsItsSpelling() {
    YamlScalar scalar = (YamlScalar) YamlReader.readNodes("f", "0x10").get(0);

    assertThat(scalar.text()).isEqualTo("0x10");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("a: 1\nb: 2\na: 3", "f: line 3: key \"a\" is given twice"),
        Arguments.of("a: 1\n'a': 3", "f: line 2: key \"a\" is given twice"),
        Arguments.of("{[a]: 1}", "f: line 1: a key must be a text, not a list"),
        Arguments.of("~: 1", "f: line 1: a key must be a text, not nothing"),
        Arguments.of("a: !mine 1", "f: line 1: tag !mine is not understood here"),
        Arguments.of("!!int a", "f: line 1: tag tag:yaml.org,2002:int is not understood here"),
        Arguments.of("!!set {a: }", "f: line 1: tag tag:yaml.org,2002:set is not understood here"),
        Arguments.of("&a [*a]", "f: line 1: alias *a names nothing that stands before it"),
        Arguments.of("a\n---\n*x", "f: line 3: alias *x names nothing that stands before it"),
        Arguments.of("<<: 1", "f: line 1: << needs a map or a list of maps"),
        Arguments.of("[".repeat(300), "f: line 1: nested deeper than 200"),
        Arguments.of("- ".repeat(300), "f: line 1: nested deeper than 200"),
        Arguments.of("a: b: c", "f: line 1: mapping values are not allowed here"),
        Arguments.of("a: \"b", "f: line 1: found unexpected end of stream"),
        Arguments.of("a: \u0007", "f: "));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void documentIsRefusedWithItsLine(String text, String message) {
    assertThatThrownBy(() -> YamlReader.read("f", text))
        .isInstanceOf(YamlException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aliasesCannotSayMoreThanTheLimit() {
    StringBuilder laughs = new StringBuilder("- &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      laughs.append("- &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
    }

    assertThatThrownBy(() -> YamlReader.read("f", laughs.toString()))
        .hasMessageContaining("aliases stand for more than");
  }

  @Test
  void textAtTheLimitIsReadAndOneLongerIsNot() {
    assertThat(YamlReader.readNodes("f", "ab", 2)).hasSize(1);
    assertThatThrownBy(() -> YamlReader.readNodes("f", "abc", 2))
        .hasMessage("f: longer than 2 characters");
  }

  @Test
  void streamLongerThanTheLimitIsNotReadToItsEnd() {
    ByteArrayInputStream in = new ByteArrayInputStream(new byte[1000]);

    assertThatThrownBy(() -> YamlReader.readNodes("f", in, 10))
        .hasMessage("f: longer than 10 characters");
  }

  @Test
  void streamMustBeUtf8() {
    ByteArrayInputStream in = new ByteArrayInputStream(new byte[] {'a', (byte) 0xFF});

    assertThatThrownBy(() -> YamlReader.readNodes("f", in, 10)).hasMessage("f: not UTF-8");
  }

  static IntStream seeds() {
    return IntStream.range(0, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noTextThrowsAnythingElse(int seed) {
    Random random = new Random(seed);
    String alphabet = "ab01 :-?,[]{}#&*!|>'\"%@`~<=.\\\n\n\t\r\u0000\u0085\u2028\uFEFF\uD83Dé";
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(40); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        assertThat(YamlReader.read("f", text.toString())).isNotNull();
      } catch (YamlException e) {
        assertThat(e.reason()).isNotEmpty();
      }
    }
  }

  @Test
  void anEscapeThatStandsForNoCharacterIsRefused() {
    assertThatThrownBy(() -> YamlReader.read("f", "a: \"\\UFFFFFFFF\""))
        .isInstanceOf(YamlException.class);
  }

  @Test
  void aliasesDoNotAddUpToMoreNestingThanIsAllowed() {
    StringBuilder text = new StringBuilder("- &a0 x\n");
    for (int i = 1; i < 150; i++) {
      text.append("- &a").append(i).append(' ').append("[".repeat(190));
      text.append("*a").append(i - 1).append("]".repeat(190)).append('\n');
    }

    assertThatThrownBy(() -> YamlReader.read("f", text.toString()))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("nested deeper than 200");
  }
}
