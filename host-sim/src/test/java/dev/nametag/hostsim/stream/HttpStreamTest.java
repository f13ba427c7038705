package dev.nametag.hostsim.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.stream.StreamScript.Act;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Source of what is expected: Envoy source/common/http/filter_manager.cc. */
class HttpStreamTest {

  private static final ByteString A = ByteString.utf8("a");
  private static final ByteString BC = ByteString.utf8("bc");

  /** An upstream that remembers its tries and says nothing by itself. */
  private static final class Quiet implements Upstream {
    final List<UpstreamAttempt> attempts = new ArrayList<>();
    final List<String> events = new ArrayList<>();

    @Override
    public void headers(UpstreamAttempt attempt, List<Header> headers, boolean endOfStream) {
      attempts.add(attempt);
      events.add("headers" + (endOfStream ? " end" : ""));
    }

    @Override
    public void body(UpstreamAttempt attempt, ByteString chunk, boolean endOfStream) {
      events.add(chunk + (endOfStream ? " end" : ""));
    }

    @Override
    public void trailers(UpstreamAttempt attempt, List<Header> trailers) {
      events.add("trailers");
    }

    @Override
    public void reset(UpstreamAttempt attempt) {
      events.add("reset");
    }
  }

  @Test
  void twoStreamsTakeTurnsOnOneWorker() {
    try (SimulatedEnvoy envoy = Guests.start(Guests.loggingCallbacks())) {
      Quiet upstream = new Quiet();
      Wire.Recorder one = new Wire.Recorder();
      Wire.Recorder two = new Wire.Recorder();
      StreamScript script = StreamCases.get();
      HttpStream first = envoy.open(script.setup(), one, upstream);
      HttpStream second = envoy.open(script.setup(), two, upstream);
      int before = Guests.logged(envoy).size();

      first.requestHeaders(script.headers(), true);
      second.requestHeaders(script.headers(), true);
      upstream.attempts.get(0).headers(List.of(Header.of(":status", "200")), false);
      upstream.attempts.get(1).headers(List.of(Header.of(":status", "204")), true);
      upstream.attempts.get(0).body(A, false);
      upstream.attempts.get(0).body(BC, true);

      assertThat(first.ended()).isTrue();
      assertThat(one.done().body()).isEqualTo(ByteString.utf8("abc"));
      assertThat(second.result().code()).hasValue(204);
      List<String> logged = Guests.logged(envoy);
      assertThat(String.join(", ", logged.subList(before, logged.size())))
          .isEqualTo(
              "create, request_headers end, create, request_headers end, response_headers,"
                  + " response_headers end, log, done, delete, response_body, response_body end,"
                  + " log, done, delete");
    }
  }

  @Test
  void partsArePassedOnAsTheyComeAndWhatComesTooLateIsIgnored() {
    try (SimulatedEnvoy envoy = Guests.start(Guests.loggingCallbacks())) {
      Quiet upstream = new Quiet();
      Wire.Recorder client = new Wire.Recorder();
      StreamScript script = StreamCases.get();
      HttpStream stream = envoy.open(script.setup(), client, upstream);

      stream.requestHeaders(script.headers(), false);
      stream.requestBody(A, false);
      assertThat(upstream.events).containsExactly("headers", "a");
      stream.clientLeft();
      upstream.attempts.get(0).headers(List.of(Header.of(":status", "200")), true);
      stream.requestBody(BC, true);

      assertThat(upstream.events).containsExactly("headers", "a", "reset");
      assertThat(client.done().headers()).isEmpty();
      assertThat(stream.result().code()).isEmpty();
    }
  }

  @Test
  void aFilterBeforeOursCanHoldARequest() {
    try (SimulatedEnvoy envoy = Guests.start(Guests.loggingCallbacks())) {
      List<StreamFilter.View> held = new ArrayList<>();
      StreamFilter holding =
          stream -> {
            held.add(stream);
            return new StreamFilter.Decision.Hold();
          };
      Quiet upstream = new Quiet();
      StreamScript script = StreamCases.get().through(new FilterChain(List.of(holding), List.of()));
      HttpStream stream = envoy.open(script.setup(), new Wire.Recorder(), upstream);
      stream.requestHeaders(script.headers(), false);
      stream.requestBody(A, true);
      assertThat(Guests.logged(envoy)).doesNotContain("request_headers");

      held.get(0).resume();

      assertThat(Guests.logged(envoy)).contains("request_headers", "request_body end");
      assertThat(upstream.events).containsExactly("headers", "a end");
    }
  }

  @Test
  void aModuleThatBuffersTheBodyIsShownAllOfItAndUpstreamGetsItAtOnce() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function(
                "proxy_on_request_body",
                "i32 i32 i32 -> i32",
                code -> {
                  code.parameter(1).report("size");
                  // Continue at the end of the stream, else StopIterationAndBuffer.
                  code.ifParameter(2, yes -> yes.log("last"), no -> no.log("part"));
                  code.i32(1).parameter(2).subtract();
                });
    try (SimulatedEnvoy envoy = Guests.start(module)) {
      StreamRun.Outcome outcome =
          envoy.play(StreamCases.get().sending(A, BC).met(Act.respond(200)));

      assertThat(envoy.stats().gauge("wasmcustom.size")).hasValue(3);
      assertThat(outcome.upstream().get(0).chunks()).containsExactly(ByteString.utf8("abc"));
      assertThat(outcome.result().code()).hasValue(200);
    }
  }

  @Test
  void aRetrySendsTheWholeRequestAgain() {
    Route route =
        Route.to(Route.Cluster.of("up", "10.0.0.2:80"))
            .retrying(RetryPolicy.of(1, RetryPolicy.On.FIVE_XX));
    try (SimulatedEnvoy envoy = Guests.start(new ModuleBuilder())) {
      StreamRun.Outcome outcome =
          envoy.play(
              StreamCases.get()
                  .routed(headers -> Optional.of(route))
                  .sending(A, BC)
                  .met(Act.respond(503), Act.respond(200)));

      assertThat(outcome.upstream()).hasSize(2);
      assertThat(outcome.upstream().get(1).body()).isEqualTo(ByteString.utf8("abc"));
      assertThat(outcome.client().headers()).containsExactly(Header.of(":status", "200"));
    }
  }

  @Test
  void localAnswersGoToGrpcClientsAsStatuses() {
    LocalAnswer denied = Filters.extAuthzDenied(403, "no 100%");
    StreamScript script =
        StreamCases.get("content-type", "application/grpc")
            .through(new FilterChain(List.of(), List.of(Filters.answering(denied))));
    try (SimulatedEnvoy envoy = Guests.start(Guests.loggingCallbacks())) {
      Wire client = envoy.play(script).client();

      assertThat(client.headers())
          .containsExactly(
              Header.of(":status", "200"),
              Header.of("content-type", "application/grpc"),
              Header.of("grpc-status", "7"),
              Header.of("grpc-message", "no 100%25"));
      // Derived: until the headers go out, the code is the one that was meant.
      assertThat(envoy.stats().gauge("wasmcustom.code in response headers")).hasValue(403);
      assertThat(envoy.stats().gauge("wasmcustom.code in log")).hasValue(200);
    }
  }

  @Test
  void filtersAddMetadataAndHeadersThatOursFindsInTheLog() {
    ModuleBuilder module =
        Guests.inLog(
            code -> {
              code.getProperty("metadata", "filter_metadata", "ns", "user").drop().logReturned();
              code.getProperty("request", "headers", "x-user").drop().logReturned();
            });
    FilterChain chain =
        new FilterChain(
            List.of(Filters.noting("ns", Map.of("user", "alice"))),
            List.of(Filters.addingHeader("x-user", "bob")));
    try (SimulatedEnvoy envoy = Guests.start(module)) {
      envoy.play(StreamCases.get().through(chain).met(Act.respond(200)));

      assertThat(Guests.logged(envoy)).containsExactly("alice", "bob");
    }
  }

  /** The end that this host makes of its own faults; nothing of Envoy's. */
  @Test
  void aFaultOfTheHostBreaksTheStreamOffAndIsToldToWhoeverRunsIt() {
    StreamFilter faulty =
        stream -> {
          throw new IllegalStateException("a fault");
        };
    StreamScript script = StreamCases.get().through(new FilterChain(List.of(), List.of(faulty)));
    try (SimulatedEnvoy envoy = Guests.start(Guests.loggingCallbacks())) {
      Wire.Recorder client = new Wire.Recorder();
      HttpStream stream = envoy.open(script.setup(), client, new Quiet());

      assertThatThrownBy(() -> stream.requestHeaders(script.headers(), true)).hasMessage("a fault");

      assertThat(client.done().reset()).isTrue();
      assertThat(stream.result().details()).isEqualTo("host_fault");
      assertThat(Guests.logged(envoy)).endsWith("log", "done", "delete");
      assertThat(envoy.logs())
          .contains(
              new LogLine(
                  LogLevel.CRITICAL,
                  "stream broken off: java.lang.IllegalStateException: a fault"));
      assertThat(envoy.play(StreamCases.get().met(Act.respond(200))).result().code()).hasValue(200);
    }
  }
}
