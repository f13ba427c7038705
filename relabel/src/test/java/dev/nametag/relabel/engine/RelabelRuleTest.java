package dev.nametag.relabel.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words are those of Prometheus 3.0, model/relabel/relabel.go, Validate. */
class RelabelRuleTest {
  private static void assertRefused(RelabelRule.Builder rule, String field, String reason) {
    assertThatThrownBy(rule::build)
        .isInstanceOf(InvalidRuleException.class)
        .hasMessage(field + ": " + reason);
  }

  private static RelabelRule.Builder legacy(RelabelAction action) {
    return RelabelRule.builder(action).dialect(Dialect.PROMETHEUS_LEGACY);
  }

  /**
   * The rows of Prometheus 3, model/relabel/relabel_test.go, TestRelabelValidate, and some more.
   */
  @ParameterizedTest
  @CsvSource({
    "LOWERCASE,${3}",
    "REPLACE,${3}",
    "REPLACE,0${3}",
    "REPLACE,-${3}",
    "REPLACE,utf-8.label${1}",
    "REPLACE,é",
    "HASHMOD,a b",
    "KEEPEQUAL,😀"
  })
  void anyTextIsANameUnlessAskedOtherwise(RelabelAction action, String target) {
    int modulus = action == RelabelAction.HASHMOD ? 1 : 0;

    assertThatCode(() -> RelabelRule.builder(action).modulus(modulus).targetLabel(target).build())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?<x>a)", "[]]b(?<x>a)", "\\Qb\\E(?<x>a)"})
  void aGroupNamedWithoutPIsForPrometheus3(String regex) {
    assertThatCode(() -> RelabelRule.builder(RelabelAction.KEEP).regex(regex).build())
        .doesNotThrowAnyException();
    assertRefused(
        legacy(RelabelAction.KEEP).regex(regex),
        "regex",
        "error parsing regexp: invalid or unsupported Perl syntax: `(?<`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?P<x>a)", "\\(?<x>a", "[(?<]x", "\\Q(?<x>a\\E"})
  void whatOnlyLooksLikeItIsNot(String regex) {
    assertThatCode(() -> legacy(RelabelAction.KEEP).regex(regex).build())
        .doesNotThrowAnyException();
  }

  @Test
  void aTextThatUtf8CannotWriteIsNoName() {
    assertRefused(
        RelabelRule.builder(RelabelAction.REPLACE).targetLabel("a\ud83d"),
        "target_label",
        "\"a\ud83d\" is invalid 'target_label' for replace action");
    assertRefused(
        RelabelRule.builder(RelabelAction.KEEP).sourceLabels(""),
        "source_labels[0]",
        "\"\" is not a valid label name");
    assertRefused(
        RelabelRule.builder(RelabelAction.LABELMAP).replacement(""),
        "replacement",
        "\"\" is invalid 'replacement' for labelmap action");
  }

  @ParameterizedTest
  @EnumSource(
      value = RelabelAction.class,
      names = {"REPLACE", "HASHMOD", "LOWERCASE", "UPPERCASE", "KEEPEQUAL", "DROPEQUAL"})
  void targetLabelIsRequired(RelabelAction action) {
    assertRefused(
        RelabelRule.builder(action).modulus(1),
        "target_label",
        "relabel configuration for " + action.text() + " action requires 'target_label' value");
  }

  @Test
  void hashmodNeedsAModulus() {
    assertRefused(
        RelabelRule.builder(RelabelAction.HASHMOD).targetLabel("a"),
        "modulus",
        "relabel configuration for hashmod requires non-zero modulus");
  }

  @ParameterizedTest
  @EnumSource(
      value = RelabelAction.class,
      names = {"HASHMOD", "LOWERCASE", "UPPERCASE", "KEEPEQUAL", "DROPEQUAL"})
  void onlyReplaceTakesATemplateAsTargetLabel(RelabelAction action) {
    assertRefused(
        legacy(action).modulus(1).targetLabel("${3}"),
        "target_label",
        "\"${3}\" is invalid 'target_label' for " + action.text() + " action");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-label",
        "0${3}",
        "-${3}",
        "${",
        "$",
        "${}",
        "foo${",
        "-foo${1}bar-",
        "bar.foo${1}bar",
        "a-b",
        "é",
        "$$",
        "1a"
      })
  void targetLabelMustBeAClassicName(String target) {
    assertRefused(
        legacy(RelabelAction.REPLACE).targetLabel(target),
        "target_label",
        "\"" + target + "\" is invalid 'target_label' for replace action");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label",
        "label${1}",
        "${1}label",
        "${1}",
        "$1",
        "asd$2asd",
        "_${1}_",
        "foo${bar}foo"
      })
  void targetLabelMayReferToGroups(String target) {
    assertThatCode(() -> RelabelRule.builder(RelabelAction.REPLACE).targetLabel(target).build())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource(
      value = RelabelAction.class,
      names = {"LOWERCASE", "UPPERCASE", "KEEPEQUAL", "DROPEQUAL"})
  void replacementCannotBeSet(RelabelAction action) {
    assertRefused(
        RelabelRule.builder(action).targetLabel("a").replacement("x"),
        "replacement",
        "'replacement' can not be set for " + action.text() + " action");
  }

  @Test
  void labelmapNeedsANameAsReplacement() {
    assertRefused(
        legacy(RelabelAction.LABELMAP).replacement("a-$1"),
        "replacement",
        "\"a-$1\" is invalid 'replacement' for labelmap action");
  }

  @ParameterizedTest
  @CsvSource({"KEEPEQUAL,regex", "DROPEQUAL,modulus", "DROPEQUAL,separator"})
  void equalTakesOnlySourceAndTarget(RelabelAction action, String field) {
    RelabelRule.Builder rule = RelabelRule.builder(action).targetLabel("a");
    assertRefused(
        set(rule, field),
        field,
        action.text()
            + " action requires only 'source_labels' and `target_label`, and no other fields");
  }

  @ParameterizedTest
  @CsvSource({
    "LABELDROP,source_labels",
    "LABELKEEP,target_label",
    "LABELDROP,modulus",
    "LABELKEEP,separator",
    "LABELDROP,replacement"
  })
  void labelActionsTakeOnlyARegex(RelabelAction action, String field) {
    assertRefused(
        set(RelabelRule.builder(action), field),
        field,
        action.text() + " action requires only 'regex', and no other fields");
  }

  private static RelabelRule.Builder set(RelabelRule.Builder rule, String field) {
    return switch (field) {
      case "source_labels" -> rule.sourceLabels("x");
      case "target_label" -> rule.targetLabel("x");
      case "modulus" -> rule.modulus(1);
      case "separator" -> rule.separator("x");
      case "replacement" -> rule.replacement("x");
      case "regex" -> rule.regex("x");
      default -> throw new IllegalArgumentException(field);
    };
  }

  @Test
  void sourceLabelMustBeAName() {
    assertRefused(
        legacy(RelabelAction.KEEP).sourceLabels("a", "b-c"),
        "source_labels[1]",
        "\"b-c\" is not a valid label name");
  }

  @ParameterizedTest
  @CsvSource({
    "a(b,missing closing )",
    "(?=a)b,invalid or unsupported Perl syntax",
    "(a)\\1,invalid escape sequence",
    "a{1001},invalid repeat count",
    "((a{100}){100}){100},invalid repeat count",
    "((((a{10}b){10}c){10}d){2})e,invalid repeat count",
    "[z-a],invalid character class range",
  })
  void regexMustBeRe2(String regex, String reason) {
    assertThatThrownBy(() -> RelabelRule.builder(RelabelAction.KEEP).regex(regex).build())
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageStartingWith("regex: error parsing regexp: " + reason)
        .hasMessageEndingWith(": `" + regex + "`");
  }

  @Test
  void regexThatNestsTooDeeplyIsRefused() {
    String regex = "(".repeat(2000) + "a" + ")".repeat(2000);

    assertThatThrownBy(() -> RelabelRule.replace(List.of("a"), regex, "b", "$1"))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageContaining("expression nests too deeply");
  }

  @Test
  void regexThatWouldBeHugeIsRefused() {
    String regex = "(" + "a".repeat(2000) + "){1000}";

    assertThatThrownBy(() -> RelabelRule.replace(List.of("a"), regex, "b", "$1"))
        .hasMessageContaining("expression too large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a{1000}", "(a{10}){100}", "[{1001}]", "\\{1001\\}", "\\Qa{1001}\\E", "{1001x}"})
  void regexWithinTheLimitsIsTaken(String regex) {
    assertThatCode(() -> RelabelRule.replace(List.of("a"), regex, "b", "$1"))
        .doesNotThrowAnyException();
  }
}
