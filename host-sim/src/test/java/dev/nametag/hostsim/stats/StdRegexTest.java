package dev.nametag.hostsim.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected: C++ [re.grammar] and ECMA-262, 15.10; what is refused: libc++ include/regex, where
 * basic_regex::__parse_ecma_exp throws.
 */
class StdRegexTest {

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "a|xay|a",
        "^a|xay|-",
        "a$|xa|a",
        "a$|xa\n|-",
        "a.b|a\nb|-",
        "a.b|a\rb|-",
        "a.b|a\u0085b|a\u0085b",
        "a+?|aaa|a",
        "a{2}|aaa|aa",
        "a{2,}|aaa|aaa",
        "a{1,2}?|aaa|a",
        "(?=ab)a|ab|a",
        "(?!ab)a|ab|-",
        "(a)\\1|aa|aa",
        "(?:ab)+|abab|abab",
        "\\x41\\u0042|AB|AB",
        "\\t\\v\\0|\t\013\0|\t\013\0",
        "\\cA|\1|\1",
        "\\-\\.\\/|-./|-./",
        "\\bcat\\b|a cat.|cat",
        "\\bcat|\u00e9cat|cat",
        "\\Bcat|acat|cat",
        "[a-c]+|xabcd|abc",
        "[^a-c]|abcd|d",
        "[\\d.]+|a1.2|1.2",
        "[a&&b]+|a&b|a&b",
        "[a[b]+|a[b|a[b",
        "[-a]+|-a|-a",
        "[a-]+|-a|-a",
        "[\\b]|\b|\b",
        "[[:punct:]]+|a.-b|.-",
        "[[:alpha:][:digit:]_]+|.a1_|a1_",
        "[[:w:]]+|a_1.|a_1",
        "[^]|a|a",
        "[]|a|-",
        "a#b |a#b |a#b ",
        "()|a|",
        "a||b|",
      })
  void anExpressionFinds(String row) {
    // The expression, which may hold bars itself, a text and what is found there.
    int last = row.lastIndexOf('|');
    int middle = row.lastIndexOf('|', last - 1);
    find(row.substring(0, middle), row.substring(middle + 1, last), row.substring(last + 1));
  }

  private static void find(String regex, String text, String expected) {
    Matcher matcher = StdRegex.compile(regex).matcher(text);
    assertThat(matcher.find() ? matcher.group() : "-").isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        "[a",
        "[",
        "]",
        "}",
        "{",
        "*a",
        "a**",
        "a++",
        "a?+",
        "a{1}+",
        "a{",
        "a{x}",
        "a{2,1}",
        "a{1",
        "^*",
        "$?",
        "\\b+",
        "(?=a)*",
        "(?!a)+",
        "(?i)a",
        "(?<n>a)",
        "(?<=a)b",
        "(?<!a)b",
        "(?>a)",
        "(?#a)",
        "a|*",
        "\\A",
        "\\z",
        "\\Z",
        "\\G",
        "\\Qa\\E",
        "\\pL",
        "\\h",
        "\\R",
        "\\k<n>",
        "\\_",
        "\\",
        "\\1",
        "(a)\\2",
        "\\xg0",
        "\\u004",
        "\\c1",
        "[[:what:]]",
        "[[:alpha]",
        "[a\\z]",
        "[\\d-a]",
        "[a-\\d]",
      })
  void whatStdRegexDoesNotHaveIsRefused(String regex) {
    assertThatThrownBy(() -> StdRegex.compile(regex))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("regex: ")
        .hasMessageEndingWith("which std::regex refuses: " + regex);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[[=a=]]", "[[.a.]]", "[z-a]"})
  void whatIsNotSimulatedIsRefused(String regex) {
    assertThatThrownBy(() -> StdRegex.compile(regex))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("regex: ");
  }

  @Test
  void moreThan1024BytesAreRefused() {
    assertThatThrownBy(() -> StdRegex.compile("a".repeat(1025)))
        .hasMessage("regex: longer than 1024 bytes");
    assertThat(StdRegex.compile("a".repeat(1024)).matcher("a").find()).isFalse();
  }
}
