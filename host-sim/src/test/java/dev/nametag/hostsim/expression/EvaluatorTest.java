package dev.nametag.hostsim.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cel.common.ast.CelExpr;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: the CEL specification, doc/langdef.md, and, where a comment says so, cel-cpp.
 * Most are written as expressions that must be true.
 */
class EvaluatorTest {

  private static final PropertyValue TRUE = new PropertyValue.Flag(true);

  private static final ExpressionParser PARSER = new ExpressionParser(EnvoyVersion.V1_30);

  private static Optional<CelExpr> parse(String text) {
    return PARSER.parse(ByteString.utf8(text));
  }

  private static PropertyValue evaluate(String expression) {
    return evaluate(expression, Map.of());
  }

  private static PropertyValue evaluate(String expression, Map<String, PropertyValue> names) {
    return new Evaluator(name -> Optional.ofNullable(names.get(name.toString())))
        .evaluate(parse(expression).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Arithmetic.
        "1 + 2 * 3 - 4 / 2 == 5",
        "7 % 4 == 3 && -7 % 4 == -3 && -7 / 2 == -3",
        "7u / 2u == 3u && 7u % 4u == 3u && 2u * 3u - 1u + 1u == 6u",
        "18446744073709551615u / 2u == 9223372036854775807u",
        "1.5 + 1.5 == 3.0 && 3.0 / 2.0 == 1.5 && 2.0 * 1.5 - 1.0 == 2.0",
        "1.0 / 0.0 > 1e300 && -1.0 / 0.0 < -1e300",
        "-(-3) == 3 && -1.5 < 0.0 && !false",
        "0xff == 255 && 0x10u == 16u && 1e3 == 1000.0",
        // Numbers of different types are compared as numbers.
        "1 == 1u && 1u == 1.0 && 1 == 1.0 && 1 < 2u && 2u > 1 && 1 < 1.5 && 2.5 > 2u",
        "-1 < 0u && 0u > -1 && 1 != 2.0",
        "!(0.0 / 0.0 == 0.0 / 0.0) && 0.0 / 0.0 != 1.0 && !(0.0 / 0.0 < 1.0)",
        "!(0.0 / 0.0 <= 1.0) && !(0.0 / 0.0 >= 1.0) && 0.0 == -0.0",
        // Other types are never equal.
        "1 != '1' && 'a' != b'a' && [1] != {0: 1} && null == null && null != 0 && !(true == 1)",
        // Order.
        "'a' < 'b' && 'a' < 'aa' && b'a' <= b'a' && false < true && 'é' > 'z'",
        "timestamp(1) < timestamp(2) && duration('1s') >= duration('1000ms')",
        // Strings.
        "'ab' + 'c' == 'abc' && b'a' + b'b' == b'ab' && r'\\n' == '\\\\n'",
        "'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.contains('b')",
        "!'abc'.startsWith('abcd') && !'abc'.endsWith('abcd') && !'abc'.contains('ac')",
        "''.contains('') && 'abc'.startsWith('') && 'abc'.endsWith('')",
        "'ababac'.contains('abac') && 'aaaaab'.contains('aab') && !'abab'.contains('abb')",
        // A regular expression need not match the whole.
        "'abc'.matches('b') && !'abc'.matches('^b') && 'abc'.matches('^a.c$')",
        "'日本'.matches('^..$') && matches('abc', 'c')",
        // cel-cpp string_functions.cc: these stand before a value, too.
        "startsWith('abc', 'a') && endsWith('abc', 'c') && contains('abc', 'b')",
        "size('日本') == 2 && '日本'.size() == 2 && size(b'\\xe6\\x97') == 2 && size('') == 0",
        // Lists and maps.
        "[1, 2][1] == 2 && [1, 2][1u] == 2 && [1, 2][1.0] == 2 && [1] + [2] == [1, 2]",
        "2 in [1, 2] && !(3 in [1, 2]) && 2.0 in [1, 2] && 'a' in {'a': 1} && !('b' in {'a': 1})",
        "{'a': 1}.a == 1 && {'a': 1}['a'] == 1 && {1: 'x'}[1u] == 'x' && {1u: 'x'}[1] == 'x'",
        "{1: 'x'}[1.0] == 'x' && {true: 1}[true] == 1 && 1u in {1: 2}",
        "{'a': 1, 'b': 2} == {'b': 2u, 'a': 1.0} && {'a': 1} != {'a': 2} && {'a': 1} != {'b': 1}",
        "size([1, 2]) == 2 && {'a': 1}.size() == 1 && [].size() == 0 && [[1], []] == [[1], []]",
        "has({'a': null}.a) && !has({'a': 1}.b)",
        // Truth: a side that decides gets over an error, and over what is no truth value.
        "true || 1 / 0 == 1",
        "1 / 0 == 1 || true",
        "!(false && 1 / 0 == 1)",
        "!(1 / 0 == 1 && false)",
        "'x' || true",
        "(true ? 1 : 1 / 0) == 1 && (false ? 1 / 0 : 2) == 2",
        // Loops.
        "[1, 2].all(x, x > 0) && ![1, 2].all(x, x > 1) && [].all(x, false)",
        "[1, 2].exists(x, x == 2) && ![1, 2].exists(x, x == 3)",
        "[1, 2].exists_one(x, x == 2) && ![2, 2].exists_one(x, x == 2)",
        "[1, 2].map(x, x * 2) == [2, 4] && [1, 2, 3].map(x, x > 1, x * 2) == [4, 6]",
        "[1, 2, 3].filter(x, x % 2 == 1) == [1, 3] && {'a': 1}.map(k, k) == ['a']",
        "[1, 2].map(x, [3, 4].map(y, x * y)) == [[3, 4], [6, 8]]",
        "[1].map(x, [2].map(x, x)[0]) == [2]",
        // One element that decides gets over the error of another.
        "[1, 0].exists(x, 1 / x == 1) && [0, 1].exists(x, 1 / x == 1)",
        "![0, 2].all(x, 2 / x == 0)",
        // Types.
        "type(1) == int && type(1u) == uint && type('a') == string && type(b'a') == bytes",
        "type(1.0) == double && type(true) == bool && type(null) == null_type && type([]) == list",
        "type({}) == map && type(int) == type && type(1) != type(1u)",
        // Conversions.
        "int('42') == 42 && int(' -7 ') == -7 && int(3.9) == 3 && int(-3.9) == -3 && int(5u) == 5",
        "int(timestamp('2009-02-13T23:31:30Z')) == 1234567890",
        "uint('42') == 42u && uint(3.9) == 3u && uint(5) == 5u",
        "uint('18446744073709551615') == 18446744073709551615u",
        "double('1.5') == 1.5 && double(2) == 2.0 && double(2u) == 2.0 && double('-1e3') == -1000.0",
        "string(42) == '42' && string(1u) == '1' && string(b'abc') == 'abc' && bytes('é') == b'é'",
        "string(1.5) == '1.5' && string('a') == 'a' && dyn(1) == 1",
        // cel-cpp type_conversion_functions.cc: absl::StrCat, which has six digits.
        "string(3.14159265) == '3.14159' && string(1e20) == '1e+20' && string(2.0) == '2'",
        "int(true) == 1 && bool(true)",
        "string(duration('-315576000000s')) == '-315576000000s'",
        "string(timestamp(253402300799)) == '9999-12-31T23:59:59Z'",
        "string(duration('1h30m')) == '5400s' && string(duration('1500ms')) == '1.500s'",
        "string(timestamp('2009-02-13T23:31:30Z')) == '2009-02-13T23:31:30Z'",
        // Time.
        "timestamp('2009-02-13T23:31:30Z') == timestamp(1234567890)",
        "timestamp('2009-02-14T00:31:30+01:00') == timestamp(1234567890)",
        "timestamp(10) - timestamp(4) == duration('6s')",
        "timestamp(10) + duration('5s') == timestamp(15)",
        "duration('5s') + timestamp(10) == timestamp(15) && timestamp(10) - duration('5s') == timestamp(5)",
        "duration('1m') + duration('1s') == duration('61s') && duration('1m') - duration('1s') == duration('59s')",
        "duration('-1h2m3s4ms5us6ns') < duration('0') && duration('.5s') == duration('500ms')",
        // 2009-02-13 was a Friday; months, days of the month and of the year begin with 0.
        "timestamp(1234567890).getFullYear() == 2009 && timestamp(1234567890).getMonth() == 1",
        "timestamp(1234567890).getDate() == 13 && timestamp(1234567890).getDayOfMonth() == 12",
        "timestamp(1234567890).getDayOfYear() == 43 && timestamp(1234567890).getDayOfWeek() == 5",
        "timestamp(1234567890).getHours() == 23 && timestamp(1234567890).getMinutes() == 31",
        "timestamp(1234567890).getSeconds() == 30",
        "timestamp('2009-02-13T23:31:30.789Z').getMilliseconds() == 789",
        "timestamp('2009-02-15T00:00:00Z').getDayOfWeek() == 0",
        "timestamp(1234567890).getHours('Europe/Berlin') == 0",
        "timestamp(1234567890).getDate('+01:00') == 14 && timestamp(0).getHours('-02:30') == 21",
        "duration('90m').getHours() == 1 && duration('90m').getMinutes() == 90",
        "duration('90s').getSeconds() == 90",
        // cel-cpp time_functions.cc: the milliseconds of the last second.
        "duration('1234ms').getMilliseconds() == 234"
      })
  void isTrue(String expression) {
    assertThat(evaluate(expression)).isEqualTo(TRUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 / 0",
        "1 % 0",
        "1u / 0u",
        "1u % 0u",
        "9223372036854775807 + 1",
        "-9223372036854775808 - 1",
        "9223372036854775807 * 2",
        "-9223372036854775808 / -1",
        "-9223372036854775808 % -1",
        "-(-9223372036854775808)",
        "0u - 1u",
        "18446744073709551615u + 1u",
        "18446744073709551615u * 2u",
        // Numbers of different types do not mix, and operators know their types.
        "1 + 1.0",
        "1 + 1u",
        "1.0 % 2.0",
        "'a' - 'b'",
        "'a' + 1",
        "-'a'",
        "-1u",
        "!1",
        "1 < 'a'",
        "[1] < [2]",
        "1 && true",
        "1 ? 2 : 3",
        "true && 'x'",
        "nothing",
        "nothing.at.all",
        "has(nothing.here)",
        "1 / 0 == 1 || false",
        "[0, 1].all(x, 1 / x == 1)",
        "[0].exists(x, 1 / x == 1)",
        "[0].map(x, 1 / x)",
        "[0, 1].map(x, 1 / x)[1]",
        "[0, 1].filter(x, 1 / x == 1)",
        "[1].filter(x, 'x')",
        "1.map(x, x)",
        "[1, 2][2]",
        "[1, 2][-1]",
        "[1, 2]['a']",
        "[1, 2][0.5]",
        "{'a': 1}.b",
        "{'a': 1}['b']",
        "{'a': 1}[null]",
        "{1.5: 2}",
        "{'a': 1, 'a': 2}",
        "1.a",
        "has('a'.b)",
        "1[0]",
        "1 in 2",
        "size(1)",
        "int('x')",
        "int('')",
        "int(1e19)",
        "int(18446744073709551615u)",
        "int('9223372036854775808')",
        "uint(-1)",
        "uint('-1')",
        "uint(-1.0)",
        "double('x')",
        "string(b'\\xff')",
        "string([])",
        "string(true)",
        "bool('true')",
        "bytes(1)",
        "timestamp('yesterday')",
        "duration('1')",
        "duration('1d')",
        "duration('')",
        "duration('s')",
        "'a'.matches('(')",
        "'a'.contains(1)",
        "1.startsWith('a')",
        "timestamp(0).getHours('Nowhere/At_All')",
        "'a'.getHours()",
        "duration('1s').getFullYear()",
        "duration('1s').getHours('UTC')",
        // cel-cpp internal/time.cc: spans to 10,000 years, and years to 9999 in texts.
        "duration('315576000001s')",
        "duration('-999999999999999999h')",
        "duration('-2562047788015215h30m8s')",
        "string(timestamp(253402300800))",
        "string(timestamp(0) - timestamp(253402300800) - timestamp(253402300800))",
        // Where absl has an infinite future, there is none here.
        "(timestamp(31556889864403199) - timestamp(-31557014167219200)).getMilliseconds() < 0",
        "timestamp(31556889864403199) + duration('1s') > timestamp(0)",
        "timestamp(31556889864403199).getHours('Asia/Tokyo') == 0",
        "timestamp(31556889864403199).getFullYear() == 0"
      })
  void isAnError(String expression) {
    assertThatThrownBy(() -> evaluate(expression)).isInstanceOf(EvaluationException.class);
  }

  /** Source: cel-cpp parser/parser.cc and parser/macro.cc. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/ /",
        "1 +",
        "(1",
        "'a",
        "a b",
        "9223372036854775808",
        "18446744073709551616u",
        "has(a)",
        "has(a['b'])",
        "[1].all(x.y, true)",
        "while",
        "a.?b"
      })
  void isNoExpression(String text) {
    assertThat(parse(text)).isEmpty();
  }

  /** Source: cel-cpp eval/compiler/flat_expr_builder.cc; the functions are those of Functions. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // From Envoy's test_cpp.cc: a call of the function _.
        "_&&_(a, b, c)",
        "nothing(1)",
        "'a'.nothing()",
        "size(1, 2)",
        "'a'.matches()",
        "int()",
        "1.int()",
        // In a part that may not be reached, or within another, too.
        "true || nothing(1)",
        "[1].map(x, {'a': [nothing(x)]}.a)",
        "nothing(1).a",
        "{nothing(1): 1}",
        "[nothing(1)].all(x, true)",
        // Functions of extensions, which Envoy does not add here.
        "'a'.lowerAscii()",
        "'a,b'.split(',')",
        "math.greatest(1, 2)",
        "re.extract('a', 'b', 'c')",
        "optional.of(1)",
        "[1, 2].sum()",
        // Messages, which Envoy makes and we do not.
        "google.protobuf.Duration{seconds: 1}"
      })
  void callsWhatIsNotThere(String text) {
    CelExpr tree = parse(text).orElseThrow();

    assertThat(Functions.areThereFor(tree)).isFalse();
  }

  @Test
  void bytesThatAreNotUtf8AreNoExpression() {
    ByteString text = ByteString.of((byte) '\'', (byte) 0xff, (byte) '\'');

    assertThat(PARSER.parse(text)).isEmpty();
  }

  /** Source: cel-cpp parser/internal/options.h, kExpressionSizeCodepointLimit. */
  @Test
  void textsAreLimited() {
    assertThat(parse(" ".repeat(99_999) + "1")).isPresent();
    assertThat(parse(" ".repeat(100_000) + "1")).isEmpty();
  }

  /** Source: the same, kDefaultMaxRecursionDepth: 32 in newer ones, 250 in older. */
  @ParameterizedTest
  @CsvSource({"V1_28, 200, 300", "V1_30, 200, 300", "V1_33, 28, 40", "V1_39, 28, 40"})
  void levelsAreLimited(EnvoyVersion release, int few, int many) {
    ExpressionParser parser = new ExpressionParser(release);
    for (String level : List.of(".b", "[0]", ".b(1)", " + 1", " == 1")) {
      assertThat(parser.parse(ByteString.utf8("a" + level.repeat(few)))).isPresent();
      assertThat(parser.parse(ByteString.utf8("a" + level.repeat(many)))).isEmpty();
      assertThat(parser.parse(ByteString.utf8("a" + level.repeat(15_000)))).isEmpty();
    }
    assertThat(parser.parse(ByteString.utf8("[".repeat(many) + "]".repeat(many)))).isEmpty();
    assertThat(parser.parse(ByteString.utf8("(".repeat(40_000)))).isEmpty();
    // Any number of these is one level.
    assertThat(parser.parse(ByteString.utf8("a" + " && a".repeat(many)))).isPresent();
  }

  @Test
  void namesAreAskedForOnlyWhereTheyAreComeTo() {
    List<String> asked = new ArrayList<>();
    Evaluator evaluator =
        new Evaluator(
            name -> {
              asked.add(name.toString());
              return Optional.of(TRUE);
            });

    evaluator.evaluate(parse("a || b").orElseThrow());

    assertThat(asked).containsExactly("a");
  }

  /** Bytes are compared and cut as they are, whether they are UTF-8 or not. */
  @Test
  void stringsKeepTheirBytes() {
    ByteString raw = ByteString.of((byte) 'a', (byte) 0xff, (byte) 'b');
    Map<String, PropertyValue> names = Map.of("raw", new PropertyValue.Text(raw));

    assertThat(evaluate("raw", names)).isEqualTo(new PropertyValue.Text(raw));
    assertThat(evaluate("raw.startsWith('a') && raw.endsWith('b')", names)).isEqualTo(TRUE);
    assertThat(evaluate("('x' + raw).size()", names)).isEqualTo(new PropertyValue.Int(4));
  }

  /** Source: Envoy source/extensions/filters/common/expr/context.h, BaseWrapper. */
  @Test
  void placesHaveNoSizeAndCannotBeWalkedThrough() {
    Map<String, PropertyValue> names =
        Map.of(
            "place",
            new PropertyValue.Branch(
                name -> name.toString().equals("a") ? Optional.of(TRUE) : Optional.empty(), null));

    assertThat(evaluate("size(place) == 0 && 'a' in place && !('b' in place)", names))
        .isEqualTo(TRUE);
    assertThat(evaluate("place.a && place['a'] && has(place.a) && !has(place.b)", names))
        .isEqualTo(TRUE);
    assertThatThrownBy(() -> evaluate("place.exists(x, true)", names))
        .isInstanceOf(AbortedException.class);
    // Not even || gets over that.
    assertThatThrownBy(() -> evaluate("place.exists(x, true) || true", names))
        .isInstanceOf(AbortedException.class);
  }
}
