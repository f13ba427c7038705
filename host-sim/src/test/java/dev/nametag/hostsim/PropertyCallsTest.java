package dev.nametag.hostsim;

import static dev.nametag.hostsim.stream.StreamEnding.Position.AFTER_OURS;
import static dev.nametag.hostsim.stream.StreamEnding.Position.BEFORE_OURS;
import static dev.nametag.hostsim.testing.Code.POINTER;
import static dev.nametag.hostsim.testing.Code.SIZE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Code;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected encodings: Envoy source/extensions/common/wasm/context.cc, serializeValue. */
class PropertyCallsTest {

  private static final int OK = 0;
  private static final int NOT_FOUND = 1;
  private static final int SERIALIZATION_FAILURE = 3;
  private static final int INVALID_MEMORY_ACCESS = 6;

  private static final String AUTHZ = "envoy.filters.http.ext_authz";

  @ParameterizedTest
  @CsvSource({
    "metadata/filter_metadata/envoy.filters.http.ext_authz/user, alice",
    "metadata/filter_metadata/envoy.filters.http.ext_authz/groups/0, eng",
    "metadata/filter_metadata/envoy.filters.http.ext_authz/groups/1, ops",
    "metadata/filter_metadata/envoy.filters.http.ext_authz/identity/sub, bob",
    "metadata/filter_metadata/envoy.filters.http.ext_authz/user/, alice",
    "filter_state/io.istio.peer_principal, spiffe://td/ns/a/sa/b",
    "filter_state/wasm.kuadrant.auth.identity.userid, carol",
    "kuadrant.auth.identity.userid, carol",
    "request/path, /v1/x?y=z",
    "request/url_path, /v1/x",
    "request/query, y=z",
    "request/host, localhost",
    "request/method, GET",
    "request/scheme, http",
    "request/protocol, HTTP/1.1",
    "request/headers/x-tag, 'a,b'",
    "request/headers/X-Tag, 'a,b'",
    "response/headers/:status, 200",
    "response/headers/x-served-by, u1",
    "response/code_details, via_upstream",
    "source/address, 10.0.0.7:4711",
    "xds/route_name, my-route",
    "xds/cluster_name, upstream",
    "xds/node/metadata/NAMESPACE, llm-d",
    "plugin_name, p",
    "plugin_root_id, r"
  })
  void textIsGivenAsItIs(String path, String expected) {
    String[] segments = path.split("/", -1);
    if (path.startsWith("response/headers") || path.startsWith("filter_state/io")) {
      segments = path.split("/", 3);
    }
    assertThat(text(scenario(), segments)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "metadata/filter_metadata/other",
        "metadata/filter_metadata/envoy.filters.http.ext_authz/none",
        "metadata/filter_metadata/envoy.filters.http.ext_authz/user/deeper",
        "metadata/filter_metadata/envoy.filters.http.ext_authz/groups/2",
        "metadata/filter_metadata/envoy.filters.http.ext_authz/groups/-1",
        "metadata/filter_metadata/envoy.filters.http.ext_authz/groups/x",
        "metadata/filter_metadata/envoy.filters.http.ext_authz/nothing/deeper",
        "filter_state/none",
        "request/nonsense",
        "request/headers/none",
        "response/nonsense",
        "route_name",
        "node/id",
        "connection/uri_san_peer_certificate",
        "destination/nonsense"
      })
  void whatIsNotThereIsNotFound(String path) {
    assertThat(result(scenario(), path.split("/", -1))).hasValue(NOT_FOUND);
  }

  @Test
  void bytesThatAreNotUtf8ArriveWhole() {
    byte[] raw = {1, (byte) 0xff, (byte) 0xc3, 4, 5, 6, 7, 8};
    StreamScenario scenario =
        StreamScenario.builder().dynamicMetadata(AUTHZ, Map.of("raw", raw)).build();

    OptionalLong value = number(scenario, "metadata", "filter_metadata", AUTHZ, "raw");

    assertThat(value).hasValue(0x0807060504c3ff01L);
  }

  @Test
  void numbersInMetadataAreDoubles() {
    StreamScenario scenario =
        StreamScenario.builder().dynamicMetadata(AUTHZ, Map.of("age", 42)).build();

    assertThat(number(scenario, "metadata", "filter_metadata", AUTHZ, "age"))
        .hasValue(Double.doubleToRawLongBits(42.0));
  }

  @Test
  void codesAndFlagsAreWholeNumbers() {
    StreamScenario scenario =
        StreamScenario.builder().ending(StreamEnding.rateLimited(BEFORE_OURS)).build();

    assertThat(number(scenario, "response", "code")).hasValue(429);
    assertThat(number(scenario, "response", "flags")).hasValue(0x800);
    assertThat(number(scenario, "response", "grpc_status")).hasValue(14);
    assertThat(number(scenario(), "response", "flags")).hasValue(0);
    assertThat(number(scenario(), "response", "grpc_status")).hasValue(2);
    assertThat(number(scenario(), "source", "port")).hasValue(4711);
  }

  @Test
  void truthValuesAreOneByte() {
    StreamScenario scenario =
        StreamScenario.builder().dynamicMetadata(AUTHZ, Map.of("yes", true, "no", false)).build();

    assertThat(text(scenario, "metadata", "filter_metadata", AUTHZ, "yes")).isEqualTo("\1");
    assertThat(text(scenario, "metadata", "filter_metadata", AUTHZ, "no")).isEqualTo("\0");
  }

  @Test
  void mapsAndListsArePairs() {
    StreamScenario scenario =
        StreamScenario.builder()
            .dynamicMetadata(AUTHZ, Map.of("map", Map.of("k", "vw"), "list", List.of("a", "bc")))
            .build();

    assertThat(text(scenario, "metadata", "filter_metadata", AUTHZ, "map"))
        .isEqualTo("\1\0\0\0\1\0\0\0\2\0\0\0k\0vw\0");
    assertThat(text(scenario, "metadata", "filter_metadata", AUTHZ, "list"))
        .isEqualTo("\2\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0a\0\0bc\0\0");
  }

  @Test
  void nullSpoilsAllThatContainsIt() {
    Map<String, Object> withNull = new HashMap<>();
    withNull.put("none", null);
    withNull.put("some", "x");
    StreamScenario scenario =
        StreamScenario.builder()
            .dynamicMetadata(AUTHZ, Map.of("map", withNull, "list", Arrays.asList("a", null)))
            .build();

    assertThat(result(scenario, "metadata", "filter_metadata", AUTHZ, "map", "none"))
        .hasValue(SERIALIZATION_FAILURE);
    assertThat(result(scenario, "metadata", "filter_metadata", AUTHZ, "map"))
        .hasValue(SERIALIZATION_FAILURE);
    assertThat(result(scenario, "metadata", "filter_metadata", AUTHZ, "list"))
        .hasValue(SERIALIZATION_FAILURE);
    assertThat(text(scenario, "metadata", "filter_metadata", AUTHZ, "map", "some")).isEqualTo("x");
  }

  @Test
  void anEmptyValueIsANullPointerForWhichNothingIsAllocated() {
    ModuleBuilder module =
        Guests.inLog(
                code -> {
                  code.store(POINTER, 7).store(SIZE, 7);
                  code.getProperty("plugin_name").report("result");
                  code.load(POINTER).report("pointer");
                  code.load(SIZE).report("size");
                })
            .function("proxy_on_memory_allocate", "i32 -> i32", code -> code.trap().i32(0));

    try (SimulatedEnvoy envoy = Guests.start(module)) {
      envoy.run(scenario());

      assertThat(envoy.stats().gauge("wasmcustom.result")).hasValue(OK);
      assertThat(envoy.stats().gauge("wasmcustom.pointer")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.size")).hasValue(0);
    }
  }

  @Test
  void anEmptyPathHasNoValueToSerialize() {
    assertThat(result(scenario(), "")).hasValue(SERIALIZATION_FAILURE);
  }

  @Test
  void addressesOutsideAreInvalidMemoryAccesses() {
    ModuleBuilder module =
        Guests.inLog(
            code -> {
              code.call("proxy_get_property", -1, 1, POINTER, SIZE).report("path");
              code.call("proxy_get_property", "request\0path", -1, SIZE).report("pointer");
              code.call("proxy_get_property", "request\0path", POINTER, 65_533).report("size");
            });

    try (SimulatedEnvoy envoy = Guests.start(module)) {
      envoy.run(scenario());

      assertThat(envoy.stats().gauge("wasmcustom.path")).hasValue(INVALID_MEMORY_ACCESS);
      assertThat(envoy.stats().gauge("wasmcustom.pointer")).hasValue(INVALID_MEMORY_ACCESS);
      assertThat(envoy.stats().gauge("wasmcustom.size")).hasValue(INVALID_MEMORY_ACCESS);
    }
  }

  @Test
  void requestHeadersAreGoneInResponseCallbacksAndBackInTheLog() {
    Map<String, Long> results = byPhase("request", "path");

    assertThat(results)
        .containsEntry("create", 1L)
        .containsEntry("request", 0L)
        .containsEntry("response", 1L)
        .containsEntry("log", 0L)
        .containsEntry("done", 1L);
  }

  @Test
  void theCodeIsKnownFromTheResponseOn() {
    Map<String, Long> results = byPhase("response", "code");

    assertThat(results)
        .containsEntry("request", 1L)
        .containsEntry("response", 0L)
        .containsEntry("log", 0L)
        .containsEntry("done", 0L);
  }

  @Test
  void theDurationIsKnownAtTheEndOnly() {
    assertThat(byPhase("request", "duration"))
        .containsEntry("request", 1L)
        .containsEntry("response", 1L)
        .containsEntry("log", 0L);
  }

  @Test
  void thereIsNoCodeWhenTheClientLeft() {
    StreamScenario scenario =
        StreamScenario.builder().ending(new StreamEnding.ClientLeft()).build();

    assertThat(result(scenario, "response", "code")).hasValue(NOT_FOUND);
    assertThat(result(scenario, "response", "headers", "x")).hasValue(NOT_FOUND);
    assertThat(number(scenario, "response", "flags")).hasValue(0x4000);
  }

  @Test
  void emptyDetailsAreThereAndEmpty() {
    StreamScenario scenario =
        StreamScenario.builder().ending(StreamEnding.kuadrantDenied(403)).build();

    assertThat(result(scenario, "response", "code_details")).hasValue(OK);
  }

  @Test
  void theRouteIsUnknownWhenNoneMatched() {
    StreamScenario scenario = StreamScenario.builder().ending(new StreamEnding.NoRoute()).build();

    assertThat(result(scenario, "xds", "route_name")).hasValue(NOT_FOUND);
    assertThat(
            result(
                StreamScenario.builder().ending(StreamEnding.jwtMissing(AFTER_OURS)).build(),
                "xds",
                "route_name"))
        .hasValue(OK);
  }

  @Test
  void theRootContextKnowsTheNodeAndNoStream() {
    ModuleBuilder module =
        Guests.inConfigure(
            code -> {
              code.getProperty("xds", "node", "metadata", "NAMESPACE").drop().logReturned();
              code.getProperty("request", "path").report("request");
              code.getProperty("xds", "route_name").report("route");
            });

    try (SimulatedEnvoy envoy =
        Engines.envoy().module(module.build()).nodeMetadata(Map.of("NAMESPACE", "llm-d")).start()) {
      assertThat(Guests.logged(envoy)).contains("llm-d");
      assertThat(envoy.stats().gauge("wasmcustom.request")).hasValue(NOT_FOUND);
      assertThat(envoy.stats().gauge("wasmcustom.route")).hasValue(NOT_FOUND);
    }
  }

  /**
   * Source: wasm/context.cc, Context::findValue, of each release; that 1.28 has no {@code xds} in a
   * root context: envoyproxy/envoy#32077.
   */
  @ParameterizedTest
  @CsvSource({
    "V1_28, node, 0", "V1_28, xds/node, 1",
    "V1_30, node, 0", "V1_30, xds/node, 0",
    "V1_33, node, 1", "V1_33, xds/node, 0",
  })
  void theRootContextKnowsTheNodeByTheNamesOfTheRelease(
      EnvoyVersion release, String path, int result) {
    String[] segments = (path + "/metadata/NAMESPACE").split("/");
    ModuleBuilder module = Guests.inConfigure(code -> code.getProperty(segments).report("result"));

    try (SimulatedEnvoy envoy =
        Engines.envoy()
            .module(module.build())
            .envoyVersion(release)
            .nodeMetadata(Map.of("NAMESPACE", "llm-d"))
            .start()) {
      assertThat(envoy.stats().gauge("wasmcustom.result")).hasValue(result);
    }
  }

  /** A name that no longer stands for anything of Envoy's is one that modules can set. */
  @ParameterizedTest
  @CsvSource({"V1_30, my-route", "V1_33, set"})
  void aNameThatEnvoyGaveUpIsFreeForModules(EnvoyVersion release, String expected) {
    ModuleBuilder module =
        Guests.inRequestHeaders(code -> code.call("proxy_set_property", "route_name", "set").drop())
            .function(
                "proxy_on_log",
                "i32 -> void",
                code -> code.getProperty("route_name").drop().logReturned());

    try (SimulatedEnvoy envoy =
        Engines.envoy().module(module.build()).envoyVersion(release).start()) {
      envoy.run(scenario());

      assertThat(Guests.logged(envoy)).containsExactly(expected);
    }
  }

  @Test
  void whatAModuleSetsIsFilterStateOfTheStream() {
    ModuleBuilder module =
        Guests.inRequestHeaders(code -> code.call("proxy_set_property", "me", "set").drop())
            .function(
                "proxy_on_log",
                "i32 -> void",
                code -> {
                  code.getProperty("me").drop().logReturned();
                  code.getProperty("filter_state", "wasm.me").drop().logReturned();
                });

    try (SimulatedEnvoy envoy = Guests.start(module)) {
      envoy.run(scenario());

      assertThat(Guests.logged(envoy)).containsExactly("set", "set");
    }
  }

  private static StreamScenario scenario() {
    Map<String, Object> fields = new HashMap<>();
    fields.put("user", "alice");
    fields.put("groups", List.of("eng", "ops"));
    fields.put("identity", Map.of("sub", "bob"));
    fields.put("nothing", null);
    return StreamScenario.builder()
        .path("/v1/x?y=z")
        .requestHeader("x-tag", "a")
        .requestHeader("X-Tag", "b".getBytes(ISO_8859_1))
        .dynamicMetadata(AUTHZ, fields)
        .filterState("io.istio.peer_principal", "spiffe://td/ns/a/sa/b")
        .filterState("wasm.kuadrant.auth.identity.userid", "carol".getBytes(ISO_8859_1))
        .routeName("my-route")
        .sourceAddress("10.0.0.7:4711")
        .ending(new StreamEnding.UpstreamResponse(200, List.of(Header.of("X-Served-By", "u1"))))
        .build();
  }

  private static String text(StreamScenario scenario, String... path) {
    return inLog(
        scenario,
        code -> code.getProperty(path).drop().logReturned(),
        envoy -> {
          List<LogLine> lines = envoy.logs();
          String line = lines.get(lines.size() - 1).message();
          return line.substring("wasm log p r: ".length());
        });
  }

  private static OptionalLong number(StreamScenario scenario, String... path) {
    return inLog(
        scenario,
        code -> code.getProperty(path).drop().returnedLong().reportLong("value"),
        envoy -> envoy.stats().gauge("wasmcustom.value"));
  }

  private static OptionalLong result(StreamScenario scenario, String... path) {
    return inLog(
        scenario,
        code -> code.getProperty(path).report("result"),
        envoy -> envoy.stats().gauge("wasmcustom.result"));
  }

  private static <T> T inLog(
      StreamScenario scenario, Consumer<Code> code, Function<SimulatedEnvoy, T> look) {
    byte[] module = Guests.inLog(code).build();
    try (SimulatedEnvoy envoy =
        Engines.envoy()
            .module(module)
            .pluginName("p")
            .rootId("r")
            .nodeMetadata(Map.of("NAMESPACE", "llm-d"))
            .start()) {
      assertThat(envoy.run(scenario).failure()).isEmpty();
      return look.apply(envoy);
    }
  }

  /** The results of the call in each callback of a stream. */
  private static Map<String, Long> byPhase(String... path) {
    List<String> phases = new ArrayList<>(List.of("create", "request", "response", "log", "done"));
    byte[] module =
        new ModuleBuilder()
            .function(
                "proxy_on_context_create",
                "i32 i32 -> void",
                code -> code.getProperty(path).report("create"))
            .function(
                "proxy_on_request_headers",
                "i32 i32 i32 -> i32",
                code -> code.getProperty(path).report("request").i32(0))
            .function(
                "proxy_on_response_headers",
                "i32 i32 i32 -> i32",
                code -> code.getProperty(path).report("response").i32(0))
            .function("proxy_on_log", "i32 -> void", code -> code.getProperty(path).report("log"))
            .function(
                "proxy_on_done", "i32 -> i32", code -> code.getProperty(path).report("done").i32(1))
            .build();
    try (SimulatedEnvoy envoy = Engines.envoy().module(module).start()) {
      envoy.run(scenario());
      Map<String, Long> results = new HashMap<>();
      phases.forEach(
          phase -> results.put(phase, envoy.stats().gauge("wasmcustom." + phase).orElseThrow()));
      return results;
    }
  }
}
