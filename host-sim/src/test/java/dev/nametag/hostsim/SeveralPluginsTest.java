package dev.nametag.hostsim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.stream.FilterChain;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.upstream.HttpUpstream;
import dev.nametag.hostsim.vm.FailurePolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Plugins that share their VMs. Expected: proxy-wasm-cpp-host src/wasm.cc, createWasm,
 * getOrCreateThreadLocalPlugin, WasmBase::start and startShutdown; src/context.cc,
 * ContextBase::onStart.
 */
class SeveralPluginsTest {

  private static final StreamScenario STREAM = StreamScenario.builder().build();

  /** Says a letter and a number of one digit. */
  private static final String SAY =
      """
      (func $say (param i32 i32)
        (i32.store8 (i32.const 900) (local.get 0))
        (i32.store8 (i32.const 901) (i32.add (i32.const 48) (local.get 1)))
        (drop (call $proxy_log (i32.const 2) (i32.const 900) (i32.const 2))))
      """;

  /** Says each callback by its letter, with the context; p stands for the parent. */
  private static final String LIFE =
      SAY
          + """
          (func (export "proxy_on_context_create") (param i32 i32)
            (call $say (i32.const 99) (local.get 0))
            (call $say (i32.const 112) (local.get 1)))
          (func (export "proxy_on_vm_start") (param i32 i32) (result i32)
            (call $say (i32.const 118) (local.get 0)) (i32.const 1))
          (func (export "proxy_on_configure") (param i32 i32) (result i32)
            (call $say (i32.const 103) (local.get 0)) (i32.const 1))
          (func (export "proxy_on_log") (param i32)
            (call $say (i32.const 108) (local.get 0)))
          (func (export "proxy_on_done") (param i32) (result i32)
            (call $say (i32.const 100) (local.get 0)) (i32.const 1))
          (func (export "proxy_on_delete") (param i32)
            (call $say (i32.const 101) (local.get 0)))
          """;

  private static SimulatedEnvoy.Builder two(String functions) {
    return Engines.envoy()
        .module(Wat.guest(functions))
        .pluginName("a")
        .rootId("ra")
        .pluginConfiguration("one".getBytes(StandardCharsets.UTF_8))
        .anotherPlugin("b", "rb", "second".getBytes(StandardCharsets.UTF_8))
        .clock(new ManualClock());
  }

  private static List<String> from(SimulatedEnvoy envoy, int line) {
    List<String> all = Guests.logged(envoy);
    return all.subList(line, all.size());
  }

  @Test
  void theSecondStartsInTheVmOfTheFirstWithTheNextId() {
    SimulatedEnvoy envoy = two(LIFE).start();
    try (envoy) {
      // Each time the canary, the main thread, the worker; the canary is a VM of its own.
      assertThat(Guests.logged(envoy))
          .containsExactly(
              "c1", "p0", "v1", "g1", "c1", "p0", "v1", "g1", "c1", "p0", "v1", "g1", //
              "c1", "p0", "v1", "g1", "c2", "p0", "v2", "g2", "c2", "p0", "v2", "g2");

      envoy.run(STREAM);
      envoy.plugin("b").run(STREAM);

      assertThat(from(envoy, 24))
          .containsExactly("c3", "p1", "l3", "d3", "e3", "c4", "p2", "l4", "d4", "e4");
    }
    assertThat(from(envoy, 34)).containsExactly("d1", "e1", "d1", "e1", "d2", "e2", "d2", "e2");
  }

  /** Each filter of a chain has a context of its own, below its root. */
  @Test
  void aStreamCanPassBoth() {
    try (SimulatedEnvoy envoy = two(LIFE).start()) {
      int before = Guests.logged(envoy).size();

      envoy.play(
          STREAM
              .script()
              .through(new FilterChain(List.of(envoy.plugin("b").asFilter()), List.of())));

      assertThat(from(envoy, before))
          .containsExactly("c3", "p2", "c4", "p1", "l3", "l4", "d3", "e3", "d4", "e4");
    }
  }

  @Test
  void eachHasItsNamesAndItsConfiguration() {
    try (SimulatedEnvoy envoy =
        two("""
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $proxy_get_buffer_bytes (i32.const 7) (i32.const 0) (local.get 1)
                (i32.const 16) (i32.const 20)))
              (drop (call $proxy_log (i32.const 2)
                (i32.load (i32.const 16)) (i32.load (i32.const 20))))
              (i32.const 1))
            (func (export "proxy_on_log") (param i32)
              (drop (call $proxy_get_property «plugin_root_id» (i32.const 16) (i32.const 20)))
              (drop (call $proxy_log (i32.const 2)
                (i32.load (i32.const 16)) (i32.load (i32.const 20)))))
            """)
            .start()) {
      envoy.run(STREAM);
      envoy.plugin("b").run(STREAM);

      assertThat(envoy.logs())
          .extracting(LogLine::message)
          .containsExactly(
              "wasm log a ra: one",
              "wasm log a ra: one",
              "wasm log a ra: one",
              "wasm log b rb: second",
              "wasm log b rb: second",
              "wasm log b rb: second",
              "wasm log a ra: ra",
              "wasm log b rb: rb");
    }
  }

  @Test
  void idsOfMetricsAreThoseOfTheVm() {
    try (SimulatedEnvoy envoy =
        two(SAY
                + """
                (func (export "proxy_on_configure") (param i32 i32) (result i32)
                  (drop (call $proxy_define_metric (i32.const 0) «calls» (i32.const 24)))
                  (call $say (i32.const 109) (i32.load (i32.const 24)))
                  (i32.const 1))
                """)
            .start()) {
      assertThat(Guests.logged(envoy)).containsExactly("m4", "m4", "m4", "m4", "m8", "m8");
    }
  }

  @Test
  void eachTicksByItself() {
    try (SimulatedEnvoy envoy =
        two(SAY
                + """
                (func (export "proxy_on_configure") (param i32 i32) (result i32)
                  (drop (call $proxy_set_tick_period_milliseconds
                    (i32.mul (local.get 0) (i32.const 10))))
                  (i32.const 1))
                (func (export "proxy_on_tick") (param i32)
                  (call $say (i32.const 116) (local.get 0)))
                """)
            .start()) {
      envoy.advance(Duration.ofMillis(25));

      // At 10 and 20 ms the first, at 20 ms the second, in both threads.
      assertThat(Guests.logged(envoy))
          .containsExactlyInAnyOrder("t1", "t1", "t1", "t1", "t2", "t2");
    }
  }

  @Test
  void answersAndNewsComeToTheContextThatAsked() {
    try (SimulatedEnvoy envoy =
        two(SAY
                + """
                (func (export "proxy_on_configure") (param i32 i32) (result i32)
                  (if (i32.eq (local.get 0) (i32.const 2))
                    (then (drop (call $proxy_register_shared_queue «q» (i32.const 24)))))
                  (i32.const 1))
                (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                  (drop (call $proxy_http_call «c» «PAIRS» «» «» (i32.const 0) (i32.const 24)))
                  (call $say (i32.const 116) (i32.load (i32.const 24)))
                  (drop (call $proxy_enqueue_shared_queue (i32.const 1) «x»))
                  (i32.const 0))
                (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
                  (call $say (i32.const 104) (local.get 0)))
                (func (export "proxy_on_queue_ready") (param i32 i32)
                  (call $say (i32.const 113) (local.get 0)))
                """
                    .replace("PAIRS", Wat.pairs(":path", "/", ":method", "GET", ":authority", "c")))
            .httpCluster("c", call -> HttpUpstream.response(200, "", Header.of("x", "y")))
            .start()) {
      envoy.run(STREAM);
      envoy.plugin("b").run(STREAM);

      assertThat(Guests.logged(envoy))
          .containsExactlyInAnyOrder("t4", "q2", "h1", "t8", "q2", "h2");
    }
  }

  @Test
  void aTrapEndsThemAll() {
    try (SimulatedEnvoy envoy = two(trapOfTheFirst()).start()) {
      assertThat(envoy.plugin("b").run(STREAM).code()).hasValue(200);

      envoy.run(STREAM);

      assertThat(envoy.plugin("b").run(STREAM).details()).isEqualTo("wasm_fail_stream");
    }
  }

  @Test
  void eachIsReloadedForItselfIntoOneNewVm() {
    try (SimulatedEnvoy envoy =
        two(SAY
                + trapOfTheFirst()
                + """
                (func (export "proxy_on_vm_start") (param i32 i32) (result i32)
                  (call $say (i32.const 118) (local.get 0)) (i32.const 1))
                """)
            .failurePolicy(FailurePolicy.FAIL_RELOAD)
            .start()) {
      envoy.run(STREAM);
      int before = Guests.logged(envoy).size();
      envoy.advance(Duration.ofSeconds(1));

      assertThat(envoy.plugin("b").run(STREAM).code()).hasValue(200);
      assertThat(from(envoy, before)).containsExactly("v1");
      assertThat(envoy.stats().counter("wasm.b.vm_reload_success")).hasValue(1);
      assertThat(envoy.stats().counter("wasm.a.vm_reload_success")).hasValue(0);

      // The context of b's stream was 2.
      envoy.run(STREAM);
      assertThat(from(envoy, before)).containsExactly("v1", "v3");
      assertThat(envoy.stats().counter("wasm.a.vm_reload_success")).hasValue(1);
    }
  }

  /** Traps on the headers of a request of the plugin whose root id is ra. */
  private static String trapOfTheFirst() {
    return """
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (drop (call $proxy_get_property «plugin_root_id» (i32.const 16) (i32.const 20)))
          (if (i32.eq (i32.load8_u offset=1 (i32.load (i32.const 16))) (i32.const 97))
            (then unreachable))
          (i32.const 0))
        """;
  }

  @Test
  void namesTellThemApart() {
    assertThatThrownBy(() -> two(LIFE).anotherPlugin("a", "", new byte[0]).start())
        .isInstanceOf(IllegalArgumentException.class);
    try (SimulatedEnvoy envoy = two(LIFE).start()) {
      assertThatThrownBy(() -> envoy.plugin("c")).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
