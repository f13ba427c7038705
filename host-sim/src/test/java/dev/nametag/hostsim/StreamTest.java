package dev.nametag.hostsim;

import static dev.nametag.hostsim.stream.StreamEnding.Position.AFTER_OURS;
import static dev.nametag.hostsim.stream.StreamEnding.Position.BEFORE_OURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Code;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected order: Envoy source/extensions/common/wasm/context.cc, onCreate to onDestroy. */
class StreamTest {

  private static final List<String> WHOLE =
      List.of("create", "request", "response", "log", "done", "delete");
  private static final List<String> NO_RESPONSE =
      List.of("create", "request", "log", "done", "delete");
  private static final List<String> ONLY_LOGGED = List.of("create", "log", "done", "delete");

  static Stream<Arguments> endings() {
    return Stream.of(
        arguments(StreamEnding.upstream(200), WHOLE, 200, 0L, "via_upstream"),
        arguments(StreamEnding.upstream(429), WHOLE, 429, 0L, "via_upstream"),
        arguments(StreamEnding.rateLimited(AFTER_OURS), WHOLE, 429, 0x800L, "request_rate_limited"),
        arguments(
            StreamEnding.rateLimited(BEFORE_OURS),
            ONLY_LOGGED,
            429,
            0x800L,
            "request_rate_limited"),
        arguments(
            StreamEnding.locallyRateLimited(BEFORE_OURS),
            ONLY_LOGGED,
            429,
            0x800L,
            "local_rate_limited"),
        arguments(
            StreamEnding.extAuthzDenied(BEFORE_OURS),
            ONLY_LOGGED,
            403,
            0x1000L,
            "ext_authz_denied"),
        arguments(
            StreamEnding.jwtMissing(AFTER_OURS),
            WHOLE,
            401,
            0L,
            "jwt_authn_access_denied{Jwt_is_missing}"),
        arguments(
            StreamEnding.rbacDenied(BEFORE_OURS),
            ONLY_LOGGED,
            403,
            0L,
            "rbac_access_denied_matched_policy[none]"),
        arguments(StreamEnding.kuadrantDenied(429), WHOLE, 429, 0L, ""),
        arguments(new StreamEnding.NoRoute(), WHOLE, 404, 0x100L, "route_not_found"),
        arguments(
            StreamEnding.upstreamUnreachable(),
            WHOLE,
            503,
            0x20L,
            "upstream_reset_before_response_started{remote_connection_failure}"),
        arguments(
            new StreamEnding.ClientLeft(),
            NO_RESPONSE,
            null,
            0x4000L,
            "downstream_remote_disconnect"));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void everyEndingHasItsCallbacksAndResult(
      StreamEnding ending, List<String> callbacks, Integer code, long flags, String details) {
    try (SimulatedEnvoy envoy = Guests.start(everyCallback())) {
      int before = envoy.logs().size();

      StreamResult result = envoy.run(StreamScenario.builder().ending(ending).build());

      List<String> logged = Guests.logged(envoy);
      assertThat(logged.subList(before, logged.size())).isEqualTo(callbacks);
      assertThat(result.code())
          .isEqualTo(code == null ? OptionalInt.empty() : OptionalInt.of(code));
      assertThat(result.flags()).isEqualTo(flags);
      assertThat(result.details()).isEqualTo(details);
      assertThat(result.filterRan()).isTrue();
      assertThat(result.vmFailed()).isFalse();
    }
  }

  @Test
  void callbacksThatTheModuleLacksAreNotMissed() {
    try (SimulatedEnvoy envoy = Guests.start(new ModuleBuilder())) {

      StreamResult result = envoy.run(StreamScenario.builder().build());

      assertThat(result.code()).hasValue(200);
    }
  }

  @Test
  void aModuleOfAbi010GetsHeadersWithoutEndOfStream() {
    ModuleBuilder module =
        new ModuleBuilder()
            .without("proxy_abi_version_0_2_1")
            .function("proxy_abi_version_0_1_0", "void -> void", code -> {})
            .function(
                "proxy_on_request_headers",
                "i32 i32 -> i32",
                code -> code.parameter(1).report("headers").i32(0));
    try (SimulatedEnvoy envoy = Guests.start(module)) {

      envoy.run(StreamScenario.builder().build());

      assertThat(envoy.stats().gauge("wasmcustom.headers")).hasValue(4);
    }
  }

  @Test
  void contextIdsGoOnFromTheRoot() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function(
                "proxy_on_context_create",
                "i32 i32 -> void",
                code -> {
                  code.parameter(0).report("id");
                  code.parameter(1).report("parent");
                });
    try (SimulatedEnvoy envoy = Guests.start(module)) {

      envoy.run(StreamScenario.builder().build());
      envoy.run(StreamScenario.builder().build());

      assertThat(envoy.stats().gauge("wasmcustom.id")).hasValue(3);
      assertThat(envoy.stats().gauge("wasmcustom.parent")).hasValue(1);
    }
  }

  @Test
  void aFilterThatHoldsTheRequestLosesTheClient() {
    ModuleBuilder module =
        everyCallback()
            .function(
                "proxy_on_request_headers", "i32 i32 i32 -> i32", code -> code.log("hold").i32(1));
    try (SimulatedEnvoy envoy = Guests.start(module)) {

      StreamResult result = envoy.run(StreamScenario.builder().build());

      assertThat(result.code()).isEmpty();
      assertThat(result.flags()).isEqualTo(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION.bit());
      assertThat(Guests.logged(envoy)).endsWith("hold", "log", "done", "delete");
    }
  }

  @Test
  void theEffectiveContextIsTheOneThatHostcallsAreAbout() {
    ModuleBuilder module =
        Guests.inLog(
            code -> {
              code.getProperty("request", "path").report("in the stream");
              code.call("proxy_set_effective_context", 1).report("set root");
              code.getProperty("request", "path").report("in the root");
              code.call("proxy_set_effective_context", 77).report("set unknown");
              code.call("proxy_done").report("done");
            });
    try (SimulatedEnvoy envoy = Guests.start(module)) {

      envoy.run(StreamScenario.builder().build());

      assertThat(envoy.stats().gauge("wasmcustom.in the stream")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.set root")).hasValue(0);
      assertThat(envoy.stats().gauge("wasmcustom.in the root")).hasValue(1);
      assertThat(envoy.stats().gauge("wasmcustom.set unknown")).hasValue(2);
      assertThat(envoy.stats().gauge("wasmcustom.done")).hasValue(1);
    }
  }

  @Test
  void manyThreadsCanRunStreams() throws InterruptedException, ExecutionException {
    ModuleBuilder module =
        Guests.inConfigure(code -> code.call("proxy_define_metric", 0, "calls", Code.NUMBER).drop())
            .function(
                "proxy_on_log",
                "i32 -> void",
                code -> code.call("proxy_increment_metric", 4, 1L).drop());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (SimulatedEnvoy envoy =
        Engines.envoy()
            .module(module.build())
            .workers(3)
            .engine(Engines.forManyModules())
            .start()) {
      List<Future<StreamResult>> results = new ArrayList<>();

      for (int i = 0; i < 400; i++) {
        results.add(threads.submit(() -> envoy.run(StreamScenario.builder().build())));
      }

      for (Future<StreamResult> result : results) {
        assertThat(result.get().vmFailed()).isFalse();
      }
      assertThat(envoy.stats().counter("wasmcustom.calls")).hasValue(400);
    } finally {
      threads.shutdownNow();
    }
  }

  private static ModuleBuilder everyCallback() {
    return new ModuleBuilder()
        .function("proxy_on_context_create", "i32 i32 -> void", code -> code.log("create"))
        .function(
            "proxy_on_request_headers", "i32 i32 i32 -> i32", code -> code.log("request").i32(0))
        .function(
            "proxy_on_response_headers", "i32 i32 i32 -> i32", code -> code.log("response").i32(0))
        .function("proxy_on_log", "i32 -> void", code -> code.log("log"))
        .function("proxy_on_done", "i32 -> i32", code -> code.log("done").i32(1))
        .function("proxy_on_delete", "i32 -> void", code -> code.log("delete"));
  }
}
