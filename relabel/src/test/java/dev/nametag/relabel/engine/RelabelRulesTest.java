package dev.nametag.relabel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Expected values come from Prometheus' relabel semantics: the cases of
 * model/relabel/relabel_test.go of Prometheus 3.0, and what Prometheus 2.42 stored when it scraped
 * the same series. Where the two differ (the dot and line feeds), 3.0 counts.
 */
class RelabelRulesTest {
  private static final Labels ABC = Labels.of("a", "foo", "b", "bar", "c", "baz");
  private static final Labels LINES = Labels.of("a", "line1\nline2", "b", "bar", "c", "baz");
  private static final Labels PORTS =
      Labels.of("__tmp_port", "1234", "__port1", "1234", "__port2", "5678");
  private static final Labels SOME_NAME = Labels.of("a", "some-name-value");
  private static final String SOME = "some-([^-]+)-([^,]+)";
  private static final String TAGS = "path:/secret,job:some-job,label:foo=bar";

  private record Case(String name, Labels before, List<RelabelRule> rules, Labels after) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A case whose series is kept. */
  private static Case kept(String name, Labels before, Labels after, RelabelRule... rules) {
    return new Case(name, before, List.of(rules), after);
  }

  private static Case dropped(String name, Labels before, RelabelRule... rules) {
    return new Case(name, before, List.of(rules), null);
  }

  private static RelabelRule replace(String source, String regex, String target, String with) {
    return RelabelRule.replace(List.of(source), regex, target, with);
  }

  private static RelabelRule filter(RelabelAction action, String source, String regex) {
    return RelabelRule.builder(action).sourceLabels(source).regex(regex).build();
  }

  private static RelabelRule withTarget(RelabelAction action, String source, String target) {
    return RelabelRule.builder(action).sourceLabels(source).targetLabel(target).build();
  }

  private static RelabelRule onNames(RelabelAction action, String regex) {
    return RelabelRule.builder(action).regex(regex).build();
  }

  private static RelabelRule hashmod(String source, String target, long modulus) {
    return RelabelRule.builder(RelabelAction.HASHMOD)
        .sourceLabels(source)
        .targetLabel(target)
        .modulus(modulus)
        .build();
  }

  private static RelabelRule labelmap(String regex, String replacement) {
    return RelabelRule.builder(RelabelAction.LABELMAP)
        .regex(regex)
        .replacement(replacement)
        .build();
  }

  static Stream<Case> cases() {
    return Stream.of(replaceCases(), filterCases(), nameCases(), valueCases()).flatMap(s -> s);
  }

  private static Stream<Case> replaceCases() {
    return Stream.of(
        kept(
            "a group is put in twice",
            ABC,
            ABC.with("d", "choo-choo"),
            replace("a", "f(.*)", "d", "ch${1}-ch${1}")),
        kept(
            "the second rule sees what the first wrote",
            ABC,
            ABC.with("a", "boobam").with("d", "boooom"),
            RelabelRule.replace(List.of("a", "b"), "f(.*);(.*)r", "a", "b${1}${2}m"),
            RelabelRule.replace(List.of("c", "a"), "(b).*b(.*)ba(.*)", "d", "$1$2$2$3")),
        kept(
            "a group in the middle",
            Labels.of("a", "abc"),
            Labels.of("a", "abc", "d", "b"),
            replace("a", ".*(b).*", "d", "$1")),
        kept(
            "no match replaces nothing",
            Labels.of("a", "boo"),
            Labels.of("a", "boo"),
            replace("a", "f", "b", "bar")),
        kept("the regex is anchored at both ends", ABC, ABC, replace("a", "o", "d", "x")),
        kept(
            "the target label comes from a group",
            SOME_NAME,
            SOME_NAME.with("name", "value"),
            replace("a", SOME, "${1}", "${2}")),
        kept(
            "a group that does not exist is empty",
            SOME_NAME,
            SOME_NAME,
            replace("a", SOME, "${1}", "${3}")),
        kept(
            "a target label that expands to nothing is skipped",
            SOME_NAME,
            SOME_NAME,
            replace("a", SOME, "${3}", "${1}")),
        kept(
            "a target label that expands to any text",
            Labels.of("a", "some-na=me-0"),
            Labels.of("a", "some-na=me-0", "na=me", "0"),
            replace("a", SOME, "${1}", "${2}")),
        kept(
            "an empty replacement removes the label",
            ABC,
            ABC.without("b"),
            replace("a", "foo", "b", "")),
        kept(
            "an empty replacement of an absent label changes nothing",
            ABC,
            ABC,
            replace("a", "foo", "d", "")),
        kept(
            "a constant is set whatever the source is",
            ABC,
            ABC.with("d", "x"),
            RelabelRule.replace(List.of(), "(.*)", "d", "x")),
        kept(
            "an absent source label is empty",
            ABC,
            ABC.with("d", ";foo;"),
            RelabelRule.replace(List.of("y", "a", "z"), "(.*)", "d", "$1")),
        kept(
            "the separator joins",
            ABC,
            ABC.with("d", "foo<>bar"),
            RelabelRule.builder(RelabelAction.REPLACE)
                .sourceLabels("a", "b")
                .separator("<>")
                .targetLabel("d")
                .build()),
        kept(
            "the empty separator joins too",
            ABC,
            ABC.with("d", "foobar"),
            RelabelRule.builder(RelabelAction.REPLACE)
                .sourceLabels("a", "b")
                .separator("")
                .targetLabel("d")
                .build()),
        kept(
            "the metric name is a label",
            Labels.of("__name__", "calls__user__alice"),
            Labels.of("__name__", "calls", "user", "alice"),
            replace("__name__", "calls__user__(.*)", "user", "$1"),
            replace("__name__", "(calls)__.*", "__name__", "$1")),
        kept(
            "service discovery tags",
            Labels.of("__meta_sd_tags", TAGS),
            Labels.of(
                "__meta_sd_tags",
                TAGS,
                "__metrics_path__",
                "/secret",
                "job",
                "some-job",
                "foo",
                "bar"),
            replace("__meta_sd_tags", "(?:.+,|^)path:(/[^,]+).*", "__metrics_path__", "${1}"),
            replace("__meta_sd_tags", "(?:.+,|^)job:([^,]+).*", "job", "${1}"),
            replace("__meta_sd_tags", "(?:.+,|^)label:([^=]+)=([^,]+).*", "${1}", "${2}")),
        kept(
            "a removed label can be set again",
            Labels.of("port_name", "foo", "port", "9091"),
            Labels.of("port_name", "metrics", "port", "9091"),
            onNames(RelabelAction.LABELDROP, "^port_name$"),
            replace("port", "(.+)", "port_name", "metrics"),
            filter(RelabelAction.KEEP, "port_name", "^metrics$")),
        kept(
            "the dot matches a line feed",
            Labels.of("a", "x\ny"),
            Labels.of("a", "x\ny", "b", "x\ny"),
            replace("a", "(.*)", "b", "$1")),
        kept(
            "a parenthesis can leave the anchors",
            Labels.of("a", "yb"),
            Labels.of("a", "yb", "b", "m"),
            replace("a", "a)|(?:b", "b", "m")));
  }

  private static Stream<Case> filterCases() {
    Labels foo = Labels.of("a", "foo");
    return Stream.of(
        dropped(
            "nothing runs after a drop",
            foo,
            filter(RelabelAction.DROP, "a", ".*o.*"),
            replace("a", "f(.*)", "d", "ch$1-ch$1")),
        dropped("drop on a match", ABC, filter(RelabelAction.DROP, "a", ".*o.*")),
        kept(
            "drop keeps what does not match", foo, foo, filter(RelabelAction.DROP, "a", "nothing")),
        kept("alternatives are anchored too", foo, foo, filter(RelabelAction.DROP, "a", "f|o")),
        dropped("keep drops what does not match", foo, filter(RelabelAction.KEEP, "a", "nothing")),
        kept("keep on a match", foo, foo, filter(RelabelAction.KEEP, "a", "f.*")),
        kept(
            "the empty regex matches the absent label",
            foo,
            foo,
            filter(RelabelAction.KEEP, "z", "")),
        kept(
            "keepequal keeps equals",
            PORTS,
            PORTS,
            withTarget(RelabelAction.KEEPEQUAL, "__tmp_port", "__port1")),
        dropped(
            "keepequal drops others",
            PORTS,
            withTarget(RelabelAction.KEEPEQUAL, "__tmp_port", "__port2")),
        dropped(
            "dropequal drops equals",
            PORTS,
            withTarget(RelabelAction.DROPEQUAL, "__tmp_port", "__port1")),
        kept(
            "dropequal keeps others",
            PORTS,
            PORTS,
            withTarget(RelabelAction.DROPEQUAL, "__tmp_port", "__port2")),
        kept(
            "two absent labels are equal",
            foo,
            foo,
            withTarget(RelabelAction.KEEPEQUAL, "y", "z")));
  }

  private static Stream<Case> nameCases() {
    Labels fooBarBaz = Labels.of("a", "foo", "b1", "bar", "b2", "baz");
    Labels meta = Labels.of("__meta_my_bar", "aaa", "__meta_my_baz", "bbb", "__meta_other", "ccc");
    return Stream.of(
        kept(
            "labelmap copies under a new name",
            fooBarBaz,
            fooBarBaz.with("bar_b1", "bar").with("bar_b2", "baz"),
            labelmap("(b.*)", "bar_${1}")),
        kept(
            "labelmap cuts a prefix",
            meta,
            meta.with("my_bar", "aaa").with("my_baz", "bbb"),
            labelmap("__meta_(my.*)", "${1}")),
        kept(
            "of two labels mapped to one name the last wins",
            fooBarBaz,
            fooBarBaz.with("c", "baz"),
            labelmap("b.", "c")),
        kept(
            "a label set by an earlier rule comes after the others",
            fooBarBaz,
            fooBarBaz.with("b1", "new").with("c", "new"),
            replace("b1", "(.*)", "b1", "new"),
            labelmap("b.", "c")),
        kept(
            "labelmap does not see what it copies",
            Labels.of("a", "1"),
            Labels.of("a", "1", "aa", "1"),
            labelmap("(a+)", "a$1")),
        kept(
            "labelmap outside the anchors replaces each match",
            Labels.of("aXb", "1"),
            Labels.of("aXb", "1", "zXz", "1"),
            labelmap("a)|(?:b", "z")),
        kept(
            "labelkeep",
            fooBarBaz,
            Labels.of("b1", "bar", "b2", "baz"),
            onNames(RelabelAction.LABELKEEP, "(b.*)")),
        kept(
            "labeldrop",
            fooBarBaz,
            Labels.of("a", "foo"),
            onNames(RelabelAction.LABELDROP, "(b.*)")),
        kept(
            "labeldrop may take the metric name",
            Labels.of("__name__", "x"),
            Labels.EMPTY,
            onNames(RelabelAction.LABELDROP, "__name__")));
  }

  private static Stream<Case> valueCases() {
    Labels mixed = Labels.of("foo", "bAr123Foo");
    Labels special = Labels.of("a", "ßΣİıǅ ΑΣ");
    return Stream.of(
        kept("hashmod", ABC, ABC.with("d", "976"), hashmod("c", "d", 1000)),
        kept(
            "hashmod of several lines",
            Labels.of("a", "foo\nbar"),
            Labels.of("a", "foo\nbar", "b", "734"),
            hashmod("a", "b", 1000)),
        kept(
            "the modulus is unsigned",
            ABC,
            ABC.with("h", "16450797887570275976"),
            hashmod("c", "h", -1)),
        kept(
            "upper and lower case",
            mixed,
            mixed.with("lower", "bar123foo").with("upper", "BAR123FOO"),
            withTarget(RelabelAction.UPPERCASE, "foo", "upper"),
            withTarget(RelabelAction.LOWERCASE, "foo", "lower")),
        kept(
            "letters change case one by one",
            special,
            special.with("l", "ßσiıǆ ασ").with("u", "ßΣİIǄ ΑΣ"),
            withTarget(RelabelAction.LOWERCASE, "a", "l"),
            withTarget(RelabelAction.UPPERCASE, "a", "u")),
        kept(
            "lower case of an absent label removes the target",
            ABC,
            ABC.without("b"),
            withTarget(RelabelAction.LOWERCASE, "z", "b")),
        kept(
            "a source label of any name",
            LINES.with("utf-8.label", "line1\nline2"),
            LINES.with("utf-8.label", "line1\nline2").with("d", "match"),
            replace("utf-8.label", "line1.*line2", "d", "match${1}")),
        kept(
            "a target label of any name",
            LINES,
            LINES.with("utf-8.label", "match"),
            replace("a", "line1.*line2", "utf-8.label", "match${1}")),
        kept(
            "a target label of any name, with a group",
            LINES,
            LINES.with("utf-8.label", "match"),
            replace("a", "line1.*line2", "utf-8.label${1}", "match${1}")),
        kept(
            "groups by number and name in the target label",
            LINES,
            LINES.with("label1_line1", "val_line2").with("label2_line1", "val_line2"),
            replace("a", "(line1).*(?P<second>line2)", "label1_${1}", "val_${second}"),
            replace("a", "(line1).*(?P<second>line2)", "label2_$1", "val_$second")),
        kept("a dollar is a name too", ABC, ABC.with("$", "foo"), replace("a", ".*", "$$", "foo")),
        kept("an expanded name may be empty", ABC, ABC, replace("a", "(x)?.*", "${1}", "foo")),
        kept(
            "an expanded name outside the classic set",
            Labels.of("a", "é-"),
            Labels.of("a", "é-", "é-", "x"),
            replace("a", "(.*)", "$1", "x")),
        kept(
            "an expanded name outside the classic set is skipped where only that is taken",
            Labels.of("a", "é-"),
            Labels.of("a", "é-"),
            RelabelRule.builder(RelabelAction.REPLACE)
                .dialect(Dialect.PROMETHEUS_LEGACY)
                .sourceLabels("a")
                .targetLabel("$1")
                .replacement("x")
                .build()),
        kept(
            "labelmap to a name outside the classic set",
            ABC,
            ABC.with("a.b", "foo"),
            RelabelRule.builder(RelabelAction.LABELMAP).regex("(a)").replacement("$1.b").build()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ruleDoesWhatPrometheusDoes(Case c) {
    assertThat(RelabelRules.of(c.rules()).apply(c.before()))
        .isEqualTo(Optional.ofNullable(c.after()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void traceEndsWithWhatApplyGives(Case c) {
    List<RelabelStep> steps = RelabelRules.of(c.rules()).trace(c.before());

    assertThat(steps.get(steps.size() - 1).after()).isEqualTo(Optional.ofNullable(c.after()));
  }

  @Test
  void noRulesChangeNothing() {
    assertThat(RelabelRules.of().apply(ABC)).containsSame(ABC);
  }

  @Test
  void aRelabelerForgetsTheSeriesBefore() {
    Relabeler relabeler =
        RelabelRules.of(replace("a", "f(.*)", "d", "$1"), replace("a", "(.*)", "e", "$1"))
            .relabeler();
    relabeler.apply(ABC);

    assertThat(relabeler.apply(Labels.of("b", "only"))).contains(Labels.of("b", "only"));
  }

  @Test
  void traceSaysWhichRulesMatched() {
    List<RelabelStep> steps =
        RelabelRules.of(
                replace("a", "nothing", "d", "x"),
                replace("a", "foo", "b", "bar"),
                replace("a", "foo", "b", "new"))
            .trace(ABC);

    assertThat(steps).extracting(RelabelStep::matched).containsExactly(false, true, true);
    assertThat(steps).extracting(RelabelStep::changed).containsExactly(false, false, true);
  }
}
