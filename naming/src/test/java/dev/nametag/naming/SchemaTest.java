package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "{}", "null"})
  void anEmptyConfigurationMeansTheDemosFourMetrics(String json) {
    Schema schema = Schema.parse(json);

    assertThat(schema.naming()).isEqualTo(Profile.LOSSLESS);
    assertThat(schema.metrics())
        .extracting(Metric::name)
        .containsExactly(
            "authorized_calls_with_user_and_group",
            "limited_calls_with_user_and_group",
            "authorized_calls_total",
            "limited_calls_total");
    assertThat(schema.budget()).isEqualTo(new Budget(10_000, 128));
  }

  @Test
  void theDefaultSourcesContainNoHeaderThatAClientCanSet() {
    assertThat(Schema.defaults().labels())
        .flatExtracting(Label::sources)
        .extracting(source -> ((Selector) source).text())
        .containsExactly(
            "auth.identity.userid", "auth.identity.groups[0]", "xds.node.metadata.NAMESPACE");
  }

  @Test
  void aWholeConfigurationIsRead() {
    Schema schema =
        Schema.parse(
            """
            {"naming": "lossless",
             "labels": {
               "user": ["auth.identity.userid", "metadata[\\"envoy.filters.http.jwt_authn\\"].payload.sub"],
               "namespace": {"value": "llm-d", "rename": "tenant_namespace"},
               "team": {"from": "request.headers[\\"x-team\\"]", "trusted": true},
               "model": "request.path.split(\\"/\\")[2]"},
             "metrics": {
               "calls": {"count": ["authorized", "limited"], "labels": ["user", "model"]},
               "server_errors": {"count": {"outcome": "authorized", "code": "5xx"}},
               "not_found": {"count": {"code": 404}},
               "requests": {"count": "all", "labels": ["team", "namespace"]}},
             "budget": {"series": 5, "valueBytes": 64}}
            """);

    assertThat(schema.labels().get(0).sources()).hasSize(2);
    assertThat(schema.labels().get(1).publishedName()).isEqualTo("tenant_namespace");
    assertThat(((Selector) schema.labels().get(3).sources().get(0)).split())
        .isEqualTo(new Selector.Split("/", 2));
    assertThat(schema.metrics().get(0).count().outcomes())
        .isEqualTo(Set.of(Outcome.AUTHORIZED, Outcome.LIMITED));
    assertThat(schema.metrics().get(1).count().matches(Outcome.AUTHORIZED, 503)).isTrue();
    assertThat(schema.metrics().get(1).count().matches(Outcome.AUTHORIZED, 499)).isFalse();
    assertThat(schema.metrics().get(2).count().matches(Outcome.ERROR, 404)).isTrue();
    assertThat(schema.metrics().get(3).count().outcomes()).hasSize(Outcome.values().length);
    assertThat(schema.budget()).isEqualTo(new Budget(5, 64));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{ | line 1, column 2: expected a key in double quotes, found the end",
        "{\"naming\": \"lossless\",} | line 1, column 23: expected a key in double quotes, found '}'",
        "{\"naming\": 1, \"naming\": 2} | line 1, column 15: key \"naming\" occurs twice",
        "[] | configuration: expected an object, found a list",
        "{\"metric\": {}} | metric: unknown key, expected one of naming, labels, metrics, budget",
        "{\"naming\": \"plain\"} | naming: unknown naming \"plain\", expected lossless, chargeback, envoy-tags, prometheus-values or higress",
        "{\"labels\": {\"User\": \"auth.identity.userid\"}, \"metrics\": {\"a\": {\"count\": \"all\"}}} "
            + "| labels.User: label name \"User\" must be lower-case letters and digits in words "
            + "joined by single underscores, a letter first",
        "{\"labels\": {\"le\": {\"value\": \"x\"}}, \"metrics\": {\"a\": {\"count\": \"all\"}}} "
            + "| labels.le: label name \"le\" belongs to histograms and summaries",
        "{\"labels\": {\"u\": \"request.headers[\\\"x-user\\\"]\"}, \"metrics\": {\"a\": {\"count\": \"all\"}}} "
            + "| labels.u: selector \"request.headers[\"x-user\"]\" reads a header that any client can "
            + "set; if something in front of the filter sets or strips it, say "
            + "{\"from\": …, \"trusted\": true}",
        "{\"labels\": {\"u\": \"auth..x\"}, \"metrics\": {\"a\": {\"count\": \"all\"}}} "
            + "| labels.u: selector \"auth..x\", column 6: expected a name",
        "{\"labels\": {\"u\": \"foo.x\"}, \"metrics\": {\"a\": {\"count\": \"all\"}}} "
            + "| labels.u: selector \"foo.x\", column 1: expected an attribute such as auth, request, "
            + "metadata or xds",
        "{\"labels\": {\"u\": {\"from\": \"auth.a\", \"value\": \"x\"}}, \"metrics\": {\"a\": {\"count\": \"all\"}}} "
            + "| labels.u: expected either from or value",
        "{\"metrics\": {\"a__b\": {\"count\": \"all\"}}} | metrics.a__b: metric name \"a__b\" must be "
            + "letters and digits in words joined by single underscores, a letter first",
        "{\"metrics\": {\"a\": {\"count\": \"all\"}, \"a_count\": {\"count\": \"all\"}}} "
            + "| metrics.a_count: metric name \"a_count\" could be a series of metric \"a\"",
        "{\"metrics\": {\"auth_rq_200\": {\"count\": \"all\"}}} | metrics.auth_rq_200: metric name "
            + "\"auth_rq_200\" ends like a response code, which Envoy and Istio cut off names",
        "{\"metrics\": {\"auth_rq_2xx\": {\"count\": \"all\"}}} | metrics.auth_rq_2xx: metric name "
            + "\"auth_rq_2xx\" ends like a response code, which Envoy and Istio cut off names",
        "{\"metrics\": {\"nametag_x\": {\"count\": \"all\"}}} | metrics.nametag_x: metric name "
            + "\"nametag_x\" starts with nametag_, which is kept for the filter's own metrics",
        "{\"metrics\": {\"a\": {}}} | metrics.a.count: missing; expected an outcome such as authorized, or all",
        "{\"metrics\": {\"a\": {\"count\": \"refused\"}}} | metrics.a.count: unknown outcome \"refused\", "
            + "expected authorized, limited, denied, error, aborted or all",
        "{\"metrics\": {\"a\": {\"count\": {\"code\": \"6xx\"}}}} | metrics.a.count.code: expected a code "
            + "such as 404 or 2xx, found \"6xx\"",
        "{\"metrics\": {\"a\": {\"count\": \"all\", \"labels\": [\"team\"]}}} | metrics.a.labels[0]: "
            + "unknown label \"team\", not one of labels",
        "{\"metrics\": {\"a\": {\"count\": \"all\", \"labels\": [\"user\", \"user\"]}}} "
            + "| metrics.a.labels[1]: label \"user\" occurs twice",
        "{\"naming\": \"chargeback\", \"metrics\": {\"a\": {\"count\": \"all\", \"labels\": [\"user\"]}}} "
            + "| metrics.a.labels: naming chargeback writes exactly the labels user, group, namespace, "
            + "in this order, or none",
        "{\"metrics\": {\"a\": {\"count\": \"all\", \"add\": \"request.size\", \"record\": "
            + "\"request.size\"}}} | metrics.a: expected either add or record",
        "{\"metrics\": {\"a\": {\"count\": \"all\", \"add\": {\"trusted\": true}}}} "
            + "| metrics.a.add.from: missing; expected a selector such as request.size",
        "{\"metrics\": {\"a\": {\"count\": \"all\", \"add\": 5}}} | metrics.a.add: expected a "
            + "selector such as auth.identity.userid, found 5",
        "{\"metrics\": {\"a\": {\"count\": \"all\", \"add\": {\"from\": \"request.size\", "
            + "\"value\": \"5\"}}}} "
            + "| metrics.a.add.value: unknown key, expected one of from, trusted",
        "{\"metrics\": {\"a\": {\"count\": \"all\", \"record\": "
            + "\"request.headers[\\\"x-n\\\"]\"}}} | metrics.a.record: selector "
            + "\"request.headers[\"x-n\"]\" reads a header that any client can set; if something in "
            + "front of the filter sets or strips it, say {\"from\": …, \"trusted\": true}",
        "{\"naming\": \"chargeback\", \"metrics\": {\"a\": {\"count\": \"all\", \"record\": "
            + "\"request.size\", \"labels\": [\"user\", \"group\", \"namespace\"]}}} "
            + "| metrics.a.record: naming chargeback cannot tell what hosts put behind a histogram's "
            + "name from a value; expected a histogram without labels, or another naming",
        "{\"metrics\": {}} | metrics: expected at least one metric",
        "{\"budget\": {\"series\": 0}} | budget.series: expected a whole number from 1 to 100000, found 0",
        "{\"labels\": {\"team\": \"auth.identity.team\"}} | metrics: missing; those of the defaults "
            + "need the labels user, group and namespace",
        "{\"labels\": {\"u\": \"metadata\"}, \"metrics\": {\"a\": {\"count\": \"all\"}}} "
            + "| labels.u: selector \"metadata\", column 9: expected '.' or '[', since metadata is no "
            + "single value",
        "{\"labels\": {\"u\\n\\u001b\": {\"value\": \"\"}}, \"metrics\": {\"a\": {\"count\": \"all\"}}} "
            + "| labels.u\\u000a\\u001b: label name \"u\\u000a\\u001b\" must be lower-case letters "
            + "and digits in words joined by single underscores, a letter first",
        "{\"budget\": {\"valueBytes\": 12.5}} "
            + "| budget.valueBytes: expected a whole number from 16 to 4096, found 12.5",
      })
  void aWrongConfigurationIsRefusedWithFieldValueAndReason(String json, String message) {
    SchemaException refused = catchThrowableOfType(SchemaException.class, () -> Schema.parse(json));

    assertThat(refused).hasMessage(message);
  }

  @Test
  void aMetricCountsAddsOrRecords() {
    Schema schema =
        Schema.parse(
            """
            {"metrics": {"calls": {"count": "all"},
                         "tokens": {"count": "all", "add": ["response.headers[\\"a\\"]", "auth.n"]},
                         "bytes": {"count": "all",
                                   "record": {"from": "request.headers[\\"n\\"]", "trusted": true}}}}
            """);

    assertThat(schema.metrics())
        .extracting(metric -> metric.measure().kind())
        .containsExactly(Measure.Kind.CALLS, Measure.Kind.SUM, Measure.Kind.HISTOGRAM);
    assertThat(schema.metrics())
        .extracting(metric -> metric.measure().sources().size())
        .containsExactly(0, 2, 1);
    assertThat(schema.metrics())
        .extracting(Metric::isHistogram)
        .containsExactly(false, false, true);
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    SchemaException refused =
        catchThrowableOfType(
            SchemaException.class,
            () -> Schema.parse("{\"naming\": \"x\", \"extra\": 1, \"budget\": {\"series\": -1}}"));

    assertThat(refused.problems())
        .extracting(Problem::field)
        .isEqualTo(List.of("extra", "naming", "budget.series"));
  }
}
