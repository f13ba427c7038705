package dev.nametag.relabel.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.relabel.yaml.YamlWriter.Commented;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
  private static final String[] PIECES = {
    "a",
    "Z",
    "0",
    "1",
    "_",
    "-",
    " ",
    ":",
    "#",
    "'",
    "\"",
    "\\",
    "\n",
    "\t",
    "\r",
    "\u0000",
    "\u0085",
    "\u00A0",
    "\u2028",
    "\uFEFF",
    "\uFFFD",
    "\uFFFE",
    "é",
    "\uD83D\uDE00",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&",
    "*",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "?",
    "~",
    "yes",
    "null",
    "true",
    ".",
    "e",
    "x",
    "---",
    "...",
    "$1",
    "<<",
    "="
  };

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  @Test
  void blocksAreIndentedByTwo() {
    Object value =
        map("b", List.of(map("x", 1, "y", List.of("p", "q")), "z"), "a", map("k", true), "n", null);

    assertThat(YamlWriter.write(value))
        .isEqualTo(
            """
            b:
              - x: 1
                'y':
                  - p
                  - q
              - z
            a:
              k: true
            'n': null
            """);
  }

  @Test
  void commentStandsBeforeItsKeyOrItem() {
    Object value =
        map(
            "rules",
            new Commented(
                "what follows\n\nis generated",
                List.of(new Commented("first", map("a", 1)), map("b", new Commented("deep", 2)))),
            "end",
            List.of(map("c", new Commented("inside", 3))));

    assertThat(YamlWriter.write(value))
        .isEqualTo(
            """
            # what follows
            #
            # is generated
            rules:
              # first
              - a: 1
              -
                # deep
                b: 2
            end:
              -
                # inside
                c: 3
            """);
  }

  @Test
  void commentCannotEndItself() {
    assertThat(YamlWriter.write(map("a", new Commented("x\ry\u2028z\u0000", 1))))
        .isEqualTo("# x\n# y z \na: 1\n");
  }

  @Test
  void emptyMapsAndListsStayWhatTheyAre() {
    assertThat(YamlWriter.write(map("a", map(), "b", List.of()))).isEqualTo("a: {}\nb: []\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "No",
        "ON",
        "off",
        "y",
        "N",
        "null",
        "Null",
        "~",
        "true",
        "FALSE",
        "0x1",
        "1e3",
        "12",
        "1_000",
        "0o7",
        "017",
        "1:30",
        "2001-01-01",
        ".inf",
        "NaN",
        "-",
        "=",
        "<<",
        "",
        " a",
        "a ",
        "a: b",
        "a #b",
        "- a",
        "? a",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a",
        "{a",
        "a,b",
        "(.*)",
        "$1",
        "|",
        "é"
      })
  void textThatSomeReaderMistakesIsQuoted(String text) {
    assertThat(YamlWriter.write(text)).isEqualTo("'" + text + "'\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "__name__",
        "labeldrop",
        "prometheus.io/scrape",
        "a b",
        "llm-d",
        "v1",
        "yes no"
      })
  void plainTextNeedsNoQuotes(String text) {
    assertThat(YamlWriter.write(text)).isEqualTo(text + "\n");
  }

  @Test
  void regexStaysReadable() {
    assertThat(YamlWriter.write(map("regex", "it's_([^_]*)\\.\"x\"")))
        .isEqualTo("regex: 'it''s_([^_]*)\\.\"x\"'\n");
  }

  @Test
  void controlCharactersAreEscaped() {
    assertThat(YamlWriter.write("a\t\u0000\u0085\u2028\uFEFF\"\\"))
        .isEqualTo("\"a\\t\\x00\\x85\\u2028\\ufeff\\\"\\\\\"\n");
  }

  @ParameterizedTest
  @CsvSource({"'a\nb\n',|", "'a\nb',|-", "'a\nb\n\n',|+"})
  void severalLinesAreABlock(String text, String indicator) {
    assertThat(YamlWriter.write(map("k", text))).startsWith("k: " + indicator + "\n  a\n  b\n");
  }

  @Test
  void longLinesAreNotFolded() {
    String text = "word ".repeat(1000).trim();

    assertThat(YamlWriter.write(text)).isEqualTo(text + "\n");
  }

  @Test
  void numbersAreWrittenSoThatYaml11ReadsThem() {
    assertThat(YamlWriter.write(Arrays.asList(1, 1L << 40, 0.5, 1e10, 1e-7, Double.NaN)))
        .isEqualTo("- 1\n- 1099511627776\n- 0.5\n- 1.0E+10\n- 1.0E-7\n- .nan\n");
  }

  @Test
  void documentsBeginWithDashes() {
    assertThat(YamlWriter.writeAll(List.of("a", map("b", 1)))).isEqualTo("---\na\n---\nb: 1\n");
  }

  @Test
  void halfASurrogatePairIsRefused() {
    assertThatThrownBy(() -> YamlWriter.write("\uD83D"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readingUndoesWriting(int seed) {
    Object value = random(new Random(seed), 0);

    assertThat(YamlReader.read("f", YamlWriter.write(value)))
        .isEqualTo(Arrays.asList(new Object[] {value}));
  }

  private static Object random(Random random, int depth) {
    int choice = random.nextInt(depth > 3 ? 6 : 10);
    return switch (choice) {
      case 0 -> random.nextLong();
      case 1 -> random.nextBoolean();
      case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
      case 3 -> null;
      case 4, 5 -> text(random);
      case 6, 7 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          list.add(random(random, depth + 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          String key = random.nextInt(20) == 0 ? text(random).repeat(300) : text(random);
          map.put(key, random(random, depth + 1));
        }
        yield map;
      }
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
