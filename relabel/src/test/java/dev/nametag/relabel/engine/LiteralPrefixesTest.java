package dev.nametag.relabel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LiteralPrefixesTest {
  private static final String[] PIECES = {
    "a", "b", "ab", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{0,1}", "[ab]", "[^a]", "[]a]",
    ".", "\\.", "\\d", "^", "$", "(?P<n>", "(?i)", "\\x61", "\\b", "é"
  };

  @ParameterizedTest
  @CsvSource({
    "abc,abc",
    "abc.*,abc",
    "(abc)__.*$,abc__",
    "(?:ab|cd)_x[0-9],ab_x;cd_x",
    "(?P<n>ab)c,abc",
    "a\\.b,a.b",
    "abc*,ab",
    "ab(c|d)?e,ab",
    "a(|b)c,ac;abc",
  })
  void prefixesOfMatches(String regex, String expected) {
    assertThat(LiteralPrefixes.of(regex)).containsExactlyInAnyOrder(expected.split(";", -1));
  }

  @ParameterizedTest
  @CsvSource({"a|", ".*a", "a)|(b", "(?i)abc", "[ab]c", "a?b", "'a|b*'", "\\Qab\\E", "^ab"})
  void nothingIsCertain(String regex) {
    assertThat(LiteralPrefixes.of(regex)).isEqualTo(List.of(""));
  }

  static IntStream seeds() {
    return IntStream.range(0, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyMatchBeginsWithOneOfThem(int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      String regex = random(random, PIECES, 8);
      Pattern pattern;
      try {
        pattern = Pattern.compile("^(?s:" + regex + ")$");
      } catch (PatternSyntaxException e) {
        continue;
      }
      List<String> prefixes = LiteralPrefixes.of(regex);
      for (int j = 0; j < 30; j++) {
        String text = random(random, new String[] {"a", "b", "A", ".", "1", "é"}, 5);
        if (pattern.matcher(text).find()) {
          assertThat(prefixes).as("%s on %s", regex, text).anyMatch(text::startsWith);
        }
      }
    }
  }

  private static String random(Random random, String[] pieces, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i >= 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }
}
