package dev.nametag.hostsim.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.shared.SharedState;
import dev.nametag.hostsim.stream.StreamScript.Act;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.time.SimClock;
import dev.nametag.hostsim.vm.FailurePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Streams that pass two plugins. Expected: Envoy source/common/http/filter_manager.cc,
 * decodeHeaders and encodeHeaders, and filter_manager.h, log and destroyFilters: requests in the
 * order of the chain, responses in the reverse, first all logs and then all ends in the order of
 * the chain.
 */
class TwoModulesTest {

  private final SharedState process = new SharedState();
  private final SimClock clock = new ManualClock();
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  private SimulatedEnvoy start(String name, byte[] module) {
    return builder(name, module).start();
  }

  private SimulatedEnvoy.Builder builder(String name, byte[] module) {
    return SimulatedEnvoy.builder()
        .engine(Engines.forManyModules())
        .module(module)
        .pluginName(name)
        .shared(process)
        .clock(clock)
        .patience(Duration.ofMinutes(1))
        .logListener(line -> note(name, line));
  }

  private void note(String name, LogLine line) {
    if (line.message().startsWith("wasm log")) {
      events.add(name + " " + line.message().substring(line.message().indexOf(": ") + 2));
    }
  }

  private static byte[] logging() {
    return Guests.loggingCallbacks().build();
  }

  private StreamResult play(SimulatedEnvoy ours, FilterChain chain) {
    events.clear();
    return ours.play(StreamCases.get().through(chain).met(Act.respond(200))).result();
  }

  private static FilterChain before(SimulatedEnvoy other) {
    return new FilterChain(List.of(other.asFilter()), List.of());
  }

  private static FilterChain after(SimulatedEnvoy other) {
    return new FilterChain(List.of(), List.of(other.asFilter()));
  }

  private static final List<String> ORDER =
      List.of(
          "first create",
          "first request_headers end",
          "second create",
          "second request_headers end",
          "second response_headers end",
          "first response_headers end",
          "first log",
          "second log",
          "first done",
          "first delete",
          "second done",
          "second delete");

  @Test
  void requestsMeetThemInOrderAndResponsesInReverse() {
    try (SimulatedEnvoy first = start("first", logging());
        SimulatedEnvoy second = start("second", logging())) {
      assertThat(play(second, before(first)).code()).hasValue(200);
      assertThat(events).containsExactlyElementsOf(ORDER);

      assertThat(play(first, after(second)).code()).hasValue(200);
      assertThat(events).containsExactlyElementsOf(ORDER);
    }
  }

  private static byte[] answering() {
    return Wat.guest(
        """
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (drop (call $proxy_send_local_response (i32.const 403) «mine» «» «» (i32.const -1)))
          (i32.const 1))
        """);
  }

  @Test
  void anAnswerOfTheFirstKeepsTheRequestFromTheSecond() {
    try (SimulatedEnvoy first = start("first", answering());
        SimulatedEnvoy second = start("second", logging())) {
      StreamResult result = play(second, before(first));

      assertThat(result.code()).hasValue(403);
      assertThat(result.details()).isEqualTo("mine");
      assertThat(events)
          .containsExactly("second create", "second log", "second done", "second delete");
    }
  }

  @Test
  void anAnswerOfTheSecondGoesUpThroughTheFirst() {
    try (SimulatedEnvoy first = start("first", logging());
        SimulatedEnvoy second = start("second", answering())) {
      assertThat(play(first, after(second)).code()).hasValue(403);

      assertThat(events)
          .containsExactly(
              "first create",
              "first request_headers end",
              "first response_headers end",
              "first log",
              "first done",
              "first delete");
      assertThat(first.stats().gauge("wasmcustom.code in log")).hasValue(403);
    }
  }

  @Test
  void theSecondReadsWhatTheFirstSetsAndEachItsOwnNameAndMetrics() {
    byte[] setting =
        Wat.guest(
            """
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (drop (call $proxy_set_property «user» «alice»))
              (drop (call $proxy_replace_header_map_value (i32.const 0) «x-by» «first»))
              (call $report «seen» (i32.const 1))
              (i32.const 0))
            """);
    ModuleBuilder reading =
        Guests.inRequestHeaders(
            code -> {
              code.getProperty("filter_state", "wasm.user").drop().logReturned();
              code.getProperty("user").drop().logReturned();
              code.getProperty("request", "headers", "x-by").drop().logReturned();
              code.getProperty("plugin_name").drop().logReturned();
            });
    try (SimulatedEnvoy first = start("first", setting);
        SimulatedEnvoy second = start("second", reading.build())) {
      play(second, before(first));

      assertThat(events)
          .containsExactly("second alice", "second alice", "second first", "second second");
      assertThat(first.stats().gauge("wasmcustom.seen")).hasValue(1);
      assertThat(second.stats().gauge("wasmcustom.seen")).isEmpty();
    }
  }

  /** Pauses in request headers, and lets all streams go on in each tick. */
  private static byte[] holding() {
    return Wat.guest(
        """
        (func (export "proxy_on_configure") (param i32 i32) (result i32)
          (drop (call $proxy_set_tick_period_milliseconds (i32.const 1)))
          (i32.const 1))
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (i32.store (i32.add (i32.const 8192) (i32.shl (local.get 0) (i32.const 2))) (local.get 0))
          (i32.const 1))
        (func (export "proxy_on_tick") (param i32)
          (local i32)
          (local.set 1 (i32.const 8192))
          (loop
            (if (i32.load (local.get 1)) (then
              (if (i32.eqz (call $proxy_set_effective_context (i32.load (local.get 1)))) (then
                (drop (call $proxy_continue_stream (i32.const 0)))))
              (i32.store (local.get 1) (i32.const 0))))
            (local.set 1 (i32.add (local.get 1) (i32.const 4)))
            (br_if 0 (i32.lt_u (local.get 1) (i32.const 9000)))))
        """);
  }

  @Test
  void eachCanHoldTheStreamUntilItsTick() {
    try (SimulatedEnvoy first = start("first", holding());
        SimulatedEnvoy second = start("second", holding())) {
      assertThat(play(second, before(first)).code()).hasValue(200);
      assertThat(play(first, after(second)).code()).hasValue(200);
    }
  }

  /** Needs nothing but to end: ticks of one plugin go on with streams of the other. */
  @Test
  void manyThreadsAtOnceWaitForNobodyForEver() throws Exception {
    SimulatedEnvoy.Builder one = builder("first", holding()).clock(SimClock.system()).workers(2);
    SimulatedEnvoy.Builder two = builder("second", holding()).clock(SimClock.system()).workers(2);
    ExecutorService clients = Executors.newFixedThreadPool(4);
    try (SimulatedEnvoy first = one.start();
        SimulatedEnvoy second = two.start()) {
      List<Future<StreamResult>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        SimulatedEnvoy ours = i % 2 == 0 ? first : second;
        FilterChain chain = i % 2 == 0 ? after(second) : before(first);
        StreamScript script = StreamCases.get().through(chain).met(Act.respond(200));
        results.add(clients.submit(() -> ours.play(script).result()));
      }
      for (Future<StreamResult> result : results) {
        assertThat(result.get().details()).isEqualTo("via_upstream");
      }
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void aTrapOfTheOtherIsAnsweredAndLaterStreamsMeetItsPolicy() {
    byte[] trapping =
        Wat.guest(
            """
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) unreachable)
            """);
    try (SimulatedEnvoy other =
            builder("other", trapping).failurePolicy(FailurePolicy.FAIL_CLOSED).start();
        SimulatedEnvoy ours = start("ours", logging())) {
      StreamResult trapped = play(ours, after(other));
      assertThat(trapped.code()).hasValue(503);
      assertThat(trapped.details()).isEqualTo("wasm_fail_stream");
      assertThat(trapped.vmFailed()).isFalse();
      assertThat(events).contains("ours response_headers end");

      assertThat(play(ours, before(other)).code()).hasValue(503);
      assertThat(events).containsExactly("ours create", "ours log", "ours done", "ours delete");
    }
  }

  @Test
  void aBodyThatBothBufferCountsOnce() {
    byte[] buffering =
        Wat.guest(
            """
            (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
              (select (i32.const 0) (i32.const 1) (local.get 2)))
            """);
    try (SimulatedEnvoy first = start("first", buffering);
        SimulatedEnvoy second = start("second", buffering)) {
      StreamRun.Outcome outcome =
          second.play(
              StreamCases.get()
                  .on(Listener.PLAIN.limitedTo(10))
                  .through(before(first))
                  .sending(ByteString.utf8("123456"), ByteString.utf8("7890"))
                  .met(Act.respond(200)));

      assertThat(outcome.upstream().get(0).body()).hasToString("1234567890");
    }
  }

  @Test
  void pluginsOfDifferentProcessesHaveNoThreadInCommon() {
    try (SimulatedEnvoy ours = start("ours", logging());
        SimulatedEnvoy stranger =
            builder("stranger", logging()).shared(new SharedState()).start()) {
      assertThatThrownBy(() -> play(ours, before(stranger)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("SharedState");
    }
  }
}
