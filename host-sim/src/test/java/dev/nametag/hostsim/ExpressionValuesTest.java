package dev.nametag.hostsim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a module gets for an expression.
 *
 * <p>Expected results: Envoy source/extensions/common/wasm/foreign.cc and context.cc,
 * serializeValue and Context::findValue; test/extensions/filters/http/wasm/test_data/test_cpp.cc.
 * Expected types of attributes: source/extensions/filters/common/expr/context.cc.
 */
class ExpressionValuesTest {

  private static final int OK = 0;
  private static final int NOT_FOUND = 1;
  private static final int BAD_ARGUMENT = 2;
  private static final int SERIALIZATION_FAILURE = 3;
  private static final int INTERNAL_FAILURE = 10;

  private static final String NAMESPACE = "envoy.filters.http.ext_authz";

  /** Makes the expression that it is configured with, and evaluates it in the log. */
  private static final byte[] EVALUATOR =
      Wat.guest(
          """
          (global $token (mut i32) (i32.const 0))
          (func (export "proxy_on_configure") (param i32 i32) (result i32)
            (drop (call $proxy_get_buffer_bytes (i32.const 7) (i32.const 0) (local.get 1)
              (i32.const 16) (i32.const 20)))
            (call $report «create» (call $proxy_call_foreign_function «expr_create»
              (i32.load (i32.const 16)) (i32.load (i32.const 20)) (i32.const 24) (i32.const 28)))
            (global.set $token (i32.load (i32.const 24)))
            (i32.const 1))
          (func (export "proxy_on_log") (param i32)
            (call $report «evaluate» (call $proxy_call_foreign_function «expr_evaluate»
              (global.get $token) (i32.const 4) (i32.const 32) (i32.const 36)))
            (call $report «size» (i32.load (i32.const 36)))
            (if (i32.eq (i32.load (i32.const 36)) (i32.const 8)) (then
              (drop (call $proxy_define_metric (i32.const 1) «value» (i32.const 8)))
              (drop (call $proxy_record_metric (i32.load (i32.const 8))
                (i64.load (i32.load (i32.const 32)))))))
            (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 32))
              (i32.load (i32.const 36)))))
          """);

  /** What came of an expression: results of the calls, then the value's bytes in three forms. */
  private record Value(long created, long evaluated, long size, long number, String text) {}

  private static Value evaluate(String expression) {
    return evaluate(EnvoyVersion.LATEST, expression);
  }

  private static Value evaluate(EnvoyVersion release, String expression) {
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(EVALUATOR)
            .envoyVersion(release)
            .pluginName("p")
            .rootId("r")
            .vmId("v")
            .node("me.ns", "mesh")
            .nodeMetadata(Map.of("NAMESPACE", "llm-d"))
            .pluginConfiguration(expression.getBytes(UTF_8))
            .start()) {
      assertThat(envoy.run(scenario()).failure()).isEmpty();
      List<String> logged = Guests.logged(envoy);
      return new Value(
          gauge(envoy, "create"),
          gauge(envoy, "evaluate"),
          gauge(envoy, "size"),
          gauge(envoy, "value"),
          logged.get(logged.size() - 1));
    }
  }

  private static StreamScenario scenario() {
    Map<String, Object> fields = new HashMap<>();
    fields.put("user", "alice");
    fields.put("groups", List.of("eng", "ops"));
    fields.put("identity", Map.of("sub", "bob"));
    fields.put("age", 42);
    fields.put("admin", true);
    fields.put("nothing", null);
    return StreamScenario.builder()
        .method("POST")
        .path("/v1/x?y=z")
        .requestHeader("server", "envoy-wasm")
        .requestHeader("x-tag", "a")
        .requestHeader("X-Tag", "b".getBytes(ISO_8859_1))
        .requestHeader("x-count", "12")
        .dynamicMetadata(NAMESPACE, fields)
        .filterState("io.istio.peer_principal", "spiffe://td/ns/a/sa/b")
        .filterState("wasm.userid", "carol")
        .filterStateObject("object", Map.of("latency_us", 1500, "text", "t"))
        .routeName("my-route")
        .sourceAddress("10.0.0.7:4711")
        .ending(new StreamEnding.UpstreamResponse(200, List.of(Header.of("X-Served-By", "u1"))))
        .build();
  }

  private static long gauge(SimulatedEnvoy envoy, String name) {
    return envoy.stats().gauge("wasmcustom." + name).orElse(-1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'server is ' + request.headers['server'] | server is envoy-wasm",
        "b'by' + b'tes'                           | bytes",
        "''                                       | ``",
      })
  void stringsAndBytesAreGivenAsTheyAre(String expression, String expected) {
    Value value = evaluate(expression);

    assertThat(value.created()).isEqualTo(OK);
    assertThat(value.evaluated()).isEqualTo(OK);
    assertThat(value.text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "-1                              | -1",
        "18446744073709551615u           | -1",
        "response.code                   | 200",
        "1.5                             | 4609434218613702656",
        "duration('1500ms')              | 1500000000",
        "duration('-1s')                 | -1000000000",
        "timestamp('1970-01-01T00:00:02.000000003Z') | 2000000003",
        // What has no place in 64 bits: absl::ToUnixNanos.
        "timestamp('9999-01-01T00:00:00Z') | 9223372036854775807",
        "timestamp('0001-01-01T00:00:00Z') | -9223372036854775808",
      })
  void numbersAndTimeAreEightBytes(String expression, long expected) {
    Value value = evaluate(expression);

    assertThat(value.evaluated()).isEqualTo(OK);
    assertThat(value.size()).isEqualTo(8);
    assertThat(value.number()).isEqualTo(expected);
  }

  @Test
  void truthIsOneByte() {
    assertThat(evaluate("true").text()).isEqualTo("\1");
    assertThat(evaluate("1 > 2").text()).isEqualTo("\0");
  }

  @Test
  void mapsAndListsArePairs() {
    assertThat(evaluate("{'k': 'vw'}").text()).isEqualTo("\1\0\0\0\1\0\0\0\2\0\0\0k\0vw\0");
    assertThat(evaluate("{true: 'v'}").text()).isEqualTo("\1\0\0\0\1\0\0\0\1\0\0\0\1\0v\0");
    assertThat(evaluate("['a', 'bc']").text())
        .isEqualTo("\2\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0a\0\0bc\0\0");
    assertThat(evaluate("metadata.filter_metadata['" + NAMESPACE + "'].identity").text())
        .isEqualTo("\1\0\0\0\3\0\0\0\3\0\0\0sub\0bob\0");
    assertThat(evaluate("[]").text()).isEqualTo("\0\0\0\0");
    assertThat(evaluate("{}").text()).isEqualTo("\0\0\0\0");
  }

  @Test
  void messagesAreTheirWireFormat() {
    // Fields 1, 2, 3 and 6 of envoy.config.core.v3.Node: id, cluster, metadata, user_agent_name.
    assertThat(evaluate("xds.node").text())
        .isEqualTo("\12\5me.ns\22\4mesh\32\26\12\24\12\11NAMESPACE\22\7\32\5llm-d2\5envoy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "type(1)",
        "[null]",
        "{'a': null}",
        "request",
        "metadata.filter_metadata['envoy.filters.http.ext_authz'].nothing",
        "metadata.filter_metadata['envoy.filters.http.ext_authz']"
      })
  void otherValuesHaveNoForm(String expression) {
    Value value = evaluate(expression);

    assertThat(value.created()).isEqualTo(OK);
    assertThat(value.evaluated()).isEqualTo(SERIALIZATION_FAILURE);
    assertThat(value.size()).isZero();
  }

  /** Ours: Envoy would fill its memory. */
  @Test
  void aValueThatSaysLittleAndIsLongHasNoFormEither() {
    String doubled = "[['a']]" + ".map(x, [x, x])".repeat(40);

    assertThat(evaluate(EnvoyVersion.V1_30, doubled).evaluated()).isEqualTo(SERIALIZATION_FAILURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ /", "_&&_(a, b, c)", "", "nothing(1)", "has(request.headers['a'])"})
  void whatIsNoExpressionIsABadArgument(String expression) {
    Value value = evaluate(expression);

    assertThat(value.created()).isEqualTo(BAD_ARGUMENT);
    assertThat(value.evaluated()).isEqualTo(NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1/0",
        "request.duration.size",
        "nothing",
        "request.nonsense",
        "request.headers['x-none']",
        "request.headers['x-tag'] + 1",
        "metadata.nonsense",
        "metadata['filter_metadata']",
        "metadata.filter_metadata.nobody",
        "request.map(k, k)",
        "connection.uri_san_peer_certificate == 'a'",
        "userid.startsWith('c')",
        "node.id"
      })
  void whatComesToAnErrorIsAnInternalFailure(String expression) {
    Value value = evaluate(expression);

    assertThat(value.created()).isEqualTo(OK);
    assertThat(value.evaluated()).isEqualTo(INTERNAL_FAILURE);
    assertThat(value.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request.path == '/v1/x?y=z' && request.url_path == '/v1/x' && request.query == 'y=z'",
        "request.method == 'POST' && request.scheme == 'http' && request.protocol == 'HTTP/1.1'",
        "request.path.startsWith('/v1/') && request.path.matches('^/v[0-9]+/')",
        "request.headers['x-tag'] == 'a,b' && request.headers['X-Tag'] == 'a,b'",
        "request.headers.server == 'envoy-wasm' && request.headers[':method'] == 'POST'",
        "'x-tag' in request.headers && !('x-none' in request.headers)",
        "has(request.headers.server) && !has(request.headers.none) && !has(request.nonsense)",
        "has(request.path) && has(response.code) && !has(connection.tls_version)",
        "int(request.headers['x-count']) + 1 == 13",
        "request.headers.exists(name, name == 'x-count') && request.headers.size() == 7",
        "type(request.size) == int && type(request.total_size) == int",
        "request.time > timestamp('2020-01-01T00:00:00Z') && request.time.getFullYear() >= 2020",
        "type(request.time) == type(timestamp(0)) && type(request.duration) == type(duration('0'))",
        "request.duration >= duration('0s') && request.time + request.duration >= request.time",
        "response.code == 200 && type(response.code) == int && response.code / 100 == 2",
        "response.code_details == 'via_upstream' && response.flags == 0",
        "response.headers['x-served-by'] == 'u1' && response.grpc_status == 2",
        "type(response.backend_latency) == type(duration('0'))",
        "connection.id == 1u && type(connection.id) == uint && connection_id == connection.id",
        "!connection.mtls && type(connection.mtls) == bool",
        "source.address == '10.0.0.7:4711' && source.port == 4711 && type(source.port) == int",
        "destination.port == 10000 && upstream.port == 8080",
        "upstream.request_attempt_count == 1u && type(upstream.request_attempt_count) == uint",
        "xds.route_name == 'my-route' && xds.cluster_name == 'upstream'",
        "xds.listener_direction == 0 && type(xds.listener_direction) == int",
        "xds.node.id == 'me.ns' && xds.node.metadata.NAMESPACE == 'llm-d' && has(xds.node.id)",
        "metadata.filter_metadata['envoy.filters.http.ext_authz'].user == 'alice'",
        "metadata.filter_metadata['envoy.filters.http.ext_authz'].age == 42",
        "type(metadata.filter_metadata['envoy.filters.http.ext_authz'].age) == double",
        "metadata.filter_metadata['envoy.filters.http.ext_authz'].admin",
        "metadata.filter_metadata['envoy.filters.http.ext_authz'].nothing == null",
        "'ops' in metadata.filter_metadata['envoy.filters.http.ext_authz'].groups",
        "metadata.filter_metadata['envoy.filters.http.ext_authz'].groups[1] == 'ops'",
        "metadata.filter_metadata['envoy.filters.http.ext_authz'].identity == {'sub': 'bob'}",
        "metadata.filter_metadata.exists(n, n.endsWith('ext_authz')) && has(metadata.filter_metadata)",
        "!has(metadata.typed_filter_metadata) && !has(xds.route_metadata.filter_metadata)",
        // Filter state is bytes, unless it has fields, or was declared to be a string.
        "filter_state['io.istio.peer_principal'] == b'spiffe://td/ns/a/sa/b'",
        "userid == b'carol' && userid != 'carol' && string(userid) == 'carol'",
        "filter_state['wasm.userid'] == userid && !('none' in filter_state)",
        "filter_state.object.latency_us == 1500 && filter_state.object.text == 't'",
        "plugin_name == 'p' && plugin_root_id == 'r' && plugin_vm_id == 'v'",
        // What is not there, and does not matter.
        "request.headers['x-none'] == 'a' || request.method == 'POST'",
        "!(request.method == 'GET' && request.headers['x-none'] == 'a')"
      })
  void attributesHaveEnvoysTypes(String expression) {
    Value value = evaluate(expression);

    assertThat(value.created()).isEqualTo(OK);
    assertThat(value.evaluated()).isEqualTo(OK);
    assertThat(value.text()).isEqualTo("\1");
  }

  /** The names are those of the properties of the release: envoyproxy/envoy#36619, #32077. */
  @ParameterizedTest
  @CsvSource({
    "V1_28, node.id, 0",
    "V1_28, route_name, 0",
    "V1_28, xds.node.id, 10",
    "V1_30, node.id, 0",
    "V1_30, xds.node.id, 0",
    "V1_33, node.id, 10",
    "V1_33, route_name, 10",
    "V1_33, xds.virtual_host_name, 0",
    "V1_30, xds.virtual_host_name, 10"
  })
  void namesAreThoseOfTheRelease(EnvoyVersion release, String expression, int result) {
    assertThat(evaluate(release, expression).evaluated()).isEqualTo(result);
  }
}
