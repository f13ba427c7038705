package dev.nametag.hostsim;

import static dev.nametag.hostsim.testing.Code.NUMBER;
import static dev.nametag.hostsim.testing.Code.POINTER;
import static dev.nametag.hostsim.testing.Code.SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamEnding.Position;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Code;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Expected results: Envoy source/extensions/common/wasm/context.cc, getHeaderMapValue and so on.
 */
class HeaderCallsTest {

  private static final int REQUEST = 0;
  private static final int RESPONSE = 2;

  private static final int OK = 0;
  private static final int NOT_FOUND = 1;
  private static final int BAD_ARGUMENT = 2;

  @Test
  void theFirstValueOfAHeaderIsGiven() {
    try (SimulatedEnvoy envoy =
        run(
            Guests.inRequestHeaders(
                code -> {
                  get(code, REQUEST, "X-User").report("there");
                  code.logReturned();
                  get(code, REQUEST, "x-none").report("not there");
                  get(code, RESPONSE, ":status").report("not yet");
                  get(code, 1, "x").report("no trailers");
                  get(code, 8, "x").report("no such map");
                }))) {
      assertThat(Guests.logged(envoy)).containsExactly("alice");
      assertGauge(envoy, "there", OK);
      assertGauge(envoy, "not there", NOT_FOUND);
      assertGauge(envoy, "not yet", BAD_ARGUMENT);
      assertGauge(envoy, "no trailers", BAD_ARGUMENT);
      assertGauge(envoy, "no such map", BAD_ARGUMENT);
    }
  }

  @Test
  void requestHeadersAreGoneWhenTheResponseComes() {
    try (SimulatedEnvoy envoy =
        run(
            Guests.inResponseHeaders(
                code -> {
                  get(code, REQUEST, "x-user").report("request");
                  get(code, RESPONSE, ":status").report("response");
                  code.logReturned();
                }))) {
      assertGauge(envoy, "request", BAD_ARGUMENT);
      assertGauge(envoy, "response", OK);
      assertThat(Guests.logged(envoy)).containsExactly("200");
    }
  }

  @Test
  void bothMapsCanBeReadInTheLogAndNotChanged() {
    try (SimulatedEnvoy envoy =
        run(
            Guests.inLog(
                code -> {
                  get(code, REQUEST, "x-user").report("request");
                  get(code, RESPONSE, ":status").report("response");
                  get(code, 3, "x").report("trailers");
                  code.call("proxy_get_header_map_size", REQUEST, NUMBER).report("size");
                  code.call("proxy_add_header_map_value", REQUEST, "a", "b").report("add");
                  code.call("proxy_replace_header_map_value", RESPONSE, "a", "b").report("replace");
                  code.call("proxy_remove_header_map_value", REQUEST, "a").report("remove");
                }))) {
      assertGauge(envoy, "request", OK);
      assertGauge(envoy, "response", OK);
      assertGauge(envoy, "trailers", NOT_FOUND);
      assertGauge(envoy, "size", BAD_ARGUMENT);
      assertGauge(envoy, "add", BAD_ARGUMENT);
      assertGauge(envoy, "replace", BAD_ARGUMENT);
      assertGauge(envoy, "remove", BAD_ARGUMENT);
    }
  }

  @Test
  void changesToTheRequestShowInTheLog() {
    ModuleBuilder module =
        Guests.inRequestHeaders(
                code -> {
                  code.call("proxy_add_header_map_value", REQUEST, "X-User", "carol").drop();
                  code.call("proxy_replace_header_map_value", REQUEST, "x-tenant", "t2").drop();
                  code.call("proxy_remove_header_map_value", REQUEST, "x-debug").drop();
                })
            .function(
                "proxy_on_log",
                "i32 -> void",
                code -> {
                  code.getProperty("request", "headers", "x-user").drop().logReturned();
                  code.getProperty("request", "headers", "x-tenant").drop().logReturned();
                  get(code, REQUEST, "x-debug").report("removed");
                });
    try (SimulatedEnvoy envoy = run(module)) {
      assertThat(Guests.logged(envoy)).containsExactly("alice,bob,carol", "t2");
      assertGauge(envoy, "removed", NOT_FOUND);
    }
  }

  @Test
  void allHeadersComeAsPairs() {
    try (SimulatedEnvoy envoy =
        run(
            Guests.inResponseHeaders(
                code -> {
                  code.call("proxy_get_header_map_pairs", RESPONSE, POINTER, SIZE).report("there");
                  code.logReturned();
                  code.call("proxy_get_header_map_size", RESPONSE, NUMBER).drop();
                  code.load(NUMBER).report("size in bytes");
                  code.call("proxy_get_header_map_pairs", REQUEST, POINTER, SIZE).report("gone");
                  code.load(SIZE).report("size when gone");
                }))) {
      assertThat(Guests.logged(envoy))
          .containsExactly("\2\0\0\0\7\0\0\0\3\0\0\0\1\0\0\0\1\0\0\0:status\000200\0a\0b\0");
      assertGauge(envoy, "there", OK);
      assertGauge(envoy, "size in bytes", 12);
      assertGauge(envoy, "gone", OK);
      assertGauge(envoy, "size when gone", 0);
    }
  }

  @Test
  void aStreamThatOthersAnsweredShowsItsHeadersInTheLogAlone() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function(
                "proxy_on_context_create",
                "i32 i32 -> void",
                code -> get(code, REQUEST, "x-user").report("created"))
            .function(
                "proxy_on_log",
                "i32 -> void",
                code -> get(code, RESPONSE, "x-envoy-ratelimited").drop().logReturned());
    try (SimulatedEnvoy envoy = Guests.start(module)) {

      envoy.run(
          StreamScenario.builder()
              .requestHeader("x-user", "alice")
              .ending(StreamEnding.rateLimited(Position.BEFORE_OURS))
              .build());

      assertGauge(envoy, "created", BAD_ARGUMENT);
      assertThat(Guests.logged(envoy)).containsExactly("true");
    }
  }

  @Test
  void aMissingHeaderIsEmptyInAbi010() {
    Consumer<Code> body = code -> get(code, REQUEST, "x-none").report("missing");
    ModuleBuilder module =
        Guests.inLog(body)
            .without("proxy_abi_version_0_2_1")
            .function("proxy_abi_version_0_1_0", "void -> void", code -> {});
    try (SimulatedEnvoy envoy = run(module)) {
      assertGauge(envoy, "missing", OK);
    }
  }

  private static Code get(Code code, int map, String name) {
    return code.call("proxy_get_header_map_value", map, name, POINTER, SIZE);
  }

  private static void assertGauge(SimulatedEnvoy envoy, String name, long value) {
    assertThat(envoy.stats().gauge("wasmcustom." + name)).as(name).hasValue(value);
  }

  private static SimulatedEnvoy run(ModuleBuilder module) {
    SimulatedEnvoy envoy = Guests.start(module);
    envoy.run(
        StreamScenario.builder()
            .requestHeader("x-user", "alice")
            .requestHeader("x-user", "bob")
            .requestHeader("x-tenant", "t1")
            .requestHeader("x-debug", "1")
            .ending(new StreamEnding.UpstreamResponse(200, List.of(Header.of("A", "b"))))
            .build());
    return envoy;
  }
}
