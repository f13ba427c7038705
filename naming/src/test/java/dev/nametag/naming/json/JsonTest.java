package dev.nametag.naming.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accepted and refused texts are those of RFC 8259. */
class JsonTest {
  @Test
  void everyKindOfValueIsRead() {
    assertThat(JsonReader.read(" {\"a\": [1, -0.5e+3, true, false, null, \"x\\u00e9\\n\\/\"]} "))
        .isEqualTo(
            Map.of(
                "a",
                java.util.Arrays.asList(
                    new JsonNumber("1"), new JsonNumber("-0.5e+3"), true, false, null, "xé\n/")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "[1 2]",
        "{\"a\" 1}",
        "{a: 1}",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "tru",
        "nul",
        "true false",
        "{\"a\":1,\"a\":2}",
        "'a'",
        "NaN"
      })
  void whatIsNotJsonIsRefused(String text) {
    assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void deepNestingIsRefusedInsteadOfOverflowingTheStack() {
    assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000)))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessage("nested deeper than 64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "10.0", "10.00"})
  void wholeNumbersAreReadInAnySpelling(String text) {
    assertThat(new JsonNumber(text).asLong()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.5", "1e1", "1234567890123456789"})
  void otherNumbersAreNoWholeNumbers(String text) {
    assertThat(new JsonNumber(text).asLong()).isNull();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void readingUndoesWriting(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      Object value = value(random, 0);

      assertThat(JsonReader.read(JsonWriter.write(value))).isEqualTo(value);
      assertThat(JsonReader.read(JsonWriter.writeIndented(value))).isEqualTo(value);
    }
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 3 ? 4 : 6)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> new JsonNumber(String.valueOf(random.nextInt()));
      case 3 -> text(random);
      case 4 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth + 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(text(random), value(random, depth + 1));
        }
        yield map;
      }
    };
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      out.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x10000)));
    }
    return out.toString();
  }
}
