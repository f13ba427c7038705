package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The grammar of docs/configuration.md. */
class SelectorTest {
  @Test
  void aPathHasNamesKeysAndIndexes() {
    assertThat(parse("metadata[\"a.b\"].c['d'][3].e"))
        .isEqualTo(
            new Selector(
                "metadata[\"a.b\"].c['d'][3].e",
                Selector.Type.ANY,
                List.of(
                    new Selector.Key("metadata"),
                    new Selector.Key("a.b"),
                    new Selector.Key("c"),
                    new Selector.Key("d"),
                    new Selector.Index(3),
                    new Selector.Key("e")),
                null));
  }

  @ParameterizedTest
  @CsvSource({"string,STRING", "int,INT", "double,DOUBLE", "bool,BOOL"})
  void aTypeStandsAroundThePath(String name, Selector.Type type) {
    Selector selector = (Selector) parse(name + "(auth.level).split(\"-\")[1]");

    assertThat(selector.type()).isEqualTo(type);
    assertThat(selector.startsWith("auth", "level")).isTrue();
    assertThat(selector.split()).isEqualTo(new Selector.Split("-", 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"anonymous\" | anonymous",
        "'anonymous' | anonymous",
        "'it''s' |",
        "'it\\'s \\\\' | it's \\",
        "'' | ''",
      })
  void aQuotedTextIsAConstant(String text, String value) {
    if (value == null) {
      assertThat(reason(text)).endsWith("column 5: expected the end after a string");
      return;
    }
    assertThat(parse(text)).isEqualTo(new Constant(value.equals("''") ? "" : value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "int(auth.a | column 11: expected '.', '[' or ')'",
        "int(auth) | column 10: expected '.' or '[', since auth is no single value",
        "int(user.a) | column 5: expected an attribute such as auth, request, metadata or xds",
        "int() | column 5: expected a name",
        "int(auth.a)[0] | column 12: expected the end or '.split'",
        "int(auth.a).b | column 13: expected split after int(…)",
        "size(auth.a) | column 1: expected an attribute such as auth, request, metadata or xds",
        "auth.a[ | column 8: expected an index from 0 or a quoted key",
        "auth.a[\"\"] | column 8: expected a key that is not empty",
        "auth.a[1000001] | column 8: expected an index of at most 1000000",
        "auth.a.split(\"\")[0] | column 14: expected a separator that is not empty",
        "auth.a.split(\"/\") | column 18: expected '['",
        "auth.a.split(\"/\")[0].b | column 21: expected the end after split",
        "\"open | column 6: expected a closing quote",
        "auth.a + auth.b | column 7: expected '.' or '['",
      })
  void whatIsWrongIsSaidWithItsColumn(String text, String reason) {
    assertThat(reason(text)).endsWith(", " + reason);
  }

  @Test
  void nothingStandsBehindAConstant() {
    assertThat(refusal("[\"auth.a\", \"'x'\", \"auth.b\"]"))
        .isEqualTo("labels.l[2]: is never read, since the string before it always is a value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"from\": \"auth.g\", \"list\": \"sorted\"} | labels.l.list: expected first, joined or all,"
            + " found \"sorted\"",
        "{\"from\": \"auth.g[0]\", \"list\": \"all\"} | labels.l.list: selector \"auth.g[0]\" reads one"
            + " element, which is no list; leave out the index",
        "{\"from\": \"auth.g\", \"pseudonym\": 1} | labels.l.pseudonym: expected true or false, found 1",
      })
  void listsAndPseudonymsAreChecked(String label, String message) {
    assertThat(refusal(label)).isEqualTo(message);
  }

  @Test
  void aMetricHasOneListOfWhichAllCount() {
    assertThat(
            catchThrowableOfType(
                SchemaException.class,
                () ->
                    Schema.parse(
                        """
                        {"labels": {"a": {"from": "auth.a", "list": "all"},
                                    "b": {"from": "auth.b", "list": "all"}},
                         "metrics": {"m": {"count": "all", "labels": ["a", "b"]}}}
                        """)))
        .hasMessage(
            "metrics.m.labels[1]: label \"b\" has list all, and so has \"a\"; a metric counts each"
                + " element of one list at most");
  }

  @Test
  void aPseudonymIsNeverCut() {
    assertThat(
            catchThrowableOfType(
                SchemaException.class,
                () ->
                    Schema.parse(
                        """
                        {"labels": {"a": {"from": "auth.a", "pseudonym": true}},
                         "metrics": {"m": {"count": "all", "labels": ["a"]}},
                         "budget": {"valueBytes": 31}}
                        """)))
        .hasMessage("budget.valueBytes: the pseudonyms of labels.a have 32 bytes");
  }

  private static Source parse(String selector) {
    String json = "\"" + selector.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    return Schema.parse(configuration(json)).labels().get(0).sources().get(0);
  }

  private static String reason(String selector) {
    String json = "\"" + selector.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    return refusal(json);
  }

  private static String refusal(String label) {
    return catchThrowableOfType(SchemaException.class, () -> Schema.parse(configuration(label)))
        .getMessage();
  }

  private static String configuration(String label) {
    return "{\"labels\": {\"l\": " + label + "}, \"metrics\": {\"m\": {\"count\": \"all\"}}}";
  }
}
