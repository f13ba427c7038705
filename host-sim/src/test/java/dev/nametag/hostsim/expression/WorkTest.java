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
    return new Evaluator(name -> Optional.empty())
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

  /** The deadline of a callback interrupts its thread, and the engine must still see that. */
  @Test
  void anInterruptionStopsAndStays() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> evaluate("[1].all(x, true)")).isInstanceOf(AbortedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
