package dev.nametag.hostsim.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions that would take for ever, or all memory. */
class WorkTest {

  private static PropertyValue evaluate(String expression) {
    return evaluate(expression, "");
  }

  private static PropertyValue evaluate(String expression, String text) {
    return new Evaluator(name -> Optional.of(PropertyValue.text(text)))
        .evaluate(
            new ExpressionParser(EnvoyVersion.V1_30)
                .parse(ByteString.utf8(expression))
                .orElseThrow());
  }

  /** Source: cel-cpp runtime/runtime_options.h, comprehension_max_iterations. */
  @Test
  void allLoopsTogetherGoTenThousandRounds() {
    String hundred = "[" + "0,".repeat(99) + "0]";
    String nested = hundred + ".all(x, " + hundred + ".%s(y, true))";

    // A hundred rounds outside, and as many within each of 99.
    assertThat(evaluate(hundred + ".map(x, " + "[" + "0,".repeat(98) + "0]" + ".map(y, y)).size()"))
        .isEqualTo(new PropertyValue.Int(100));
    assertThatThrownBy(() -> evaluate(nested.formatted("all")))
        .isInstanceOf(AbortedException.class);
  }

  /** Ours: what doubles and doubles stops, whether it grows or only refers to itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {"['aaaaaaaa']%s.size()", "[b'aaaaaaaa']%s.size()", "[[1, 2, 3, 4]]%s.size()"})
  void whatDoublesWithoutEndStops(String expression) {
    String doubling = ".map(x, x + x)".repeat(60);

    assertThatThrownBy(() -> evaluate(expression.formatted(doubling)))
        .isInstanceOf(AbortedException.class);
  }

  @Test
  void comparingWhatRefersToItselfManyTimesStops() {
    String deep = "[[1]]" + ".map(x, [x, x])".repeat(60);

    assertThatThrownBy(() -> evaluate("[" + deep + "].exists(v, v == " + deep + ")"))
        .isInstanceOf(AbortedException.class);
  }

  @Test
  void matchingOverAndOverStops() {
    String text = "a".repeat(50_000);
    String rounds = "[" + "0,".repeat(2_000) + "0]";

    assertThatThrownBy(() -> evaluate(rounds + ".exists(x, '" + text + "'.matches('a*b'))"))
        .isInstanceOf(AbortedException.class);
  }

  @Test
  void aPatternThatIsVeryLongStops() {
    assertThatThrownBy(() -> evaluate("'a'.matches('" + "(a{1000})".repeat(500) + "')"))
        .isInstanceOf(AbortedException.class);
  }

  /**
   * RE2 re2/testing/parse_test.cc, only_perl and badtests: what is repeated more than 1000 times,
   * one within the other, is an error. RE2/J would compile it, to whatever size.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "((a{100}){100}){100}",
        "(((x{7}){11}){13})",
        "((((((((((x{2}){2}){2}){2}){2}){2}){2}){2}){2}){2})",
        "a{1001}",
        "(?:[^]{]{40}b){26}",
        "(\\Q{1}\\Ea{1000}){2}",
        // Ours to RE2's measure: 87,374 instructions are the most that its memory holds.
        "(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa){1000}"
      })
  void aPatternThatRepeatsWhatRepeatsIsNone(String pattern) {
    assertThatThrownBy(() -> evaluate("''.matches(r'" + pattern + "')"))
        .isInstanceOf(EvaluationException.class)
        .hasMessageStartingWith("Invalid regex");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((a{10}){10}){10}",
        "((((((((((x{2}){2}){2}){2}){2}){2}){2}){2}){2}))",
        "a{1000}",
        "a{0}(b{2,}){500}",
        "(?:\\x{999}[{1}{9}]){900}",
        "(a{,5}\\{9\\}){900}"
      })
  void aPatternCanRepeatAThousandTimes(String pattern) {
    assertThat(evaluate("''.matches(r'" + pattern + "')")).isEqualTo(new PropertyValue.Flag(false));
  }

  /** A search that goes back for each digit would not come to an end. */
  @Test
  void whatIsAlmostANumberIsReadOnce() {
    String digits = "1".repeat(10_000_000);

    assertThatThrownBy(() -> evaluate("double(text)", digits + "x"))
        .isInstanceOf(EvaluationException.class);
    assertThat(evaluate("double(text)", digits))
        .isEqualTo(new PropertyValue.Num(Double.POSITIVE_INFINITY));
  }

  /** What is looked for may be long, and is read each time. */
  @Test
  void lookingForALongKeyOverAndOverStops() {
    String rounds = "[" + "0,".repeat(100) + "0]";

    assertThatThrownBy(() -> evaluate(rounds + ".exists(x, text in {'a': 1})", "a".repeat(1 << 20)))
        .isInstanceOf(AbortedException.class);
  }

  /** The deadline of a callback interrupts its thread, and the engine must still see that. */
  @Test
  void anInterruptionStopsAndStays() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> evaluate("[1].all(x, true)")).isInstanceOf(AbortedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
