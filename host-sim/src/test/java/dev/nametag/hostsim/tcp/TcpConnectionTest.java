package dev.nametag.hostsim.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.stream.Route;
import dev.nametag.hostsim.stream.UpstreamHost;
import dev.nametag.hostsim.testing.Engines;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Callbacks of a connection, in their order. Expected: Envoy
 * test/extensions/filters/network/wasm/wasm_filter_test.cc, HappyPath, CloseDownstreamFirst,
 * CloseStream and RestrictOnNewConnection; who closes: source/common/network/connection_impl.cc.
 */
class TcpConnectionTest {

  private static final String[] END = {"0 done", "0 log", "0 delete"};

  static Stream<EngineKind> engines() {
    return Engines.all();
  }

  private static SimulatedEnvoy logging() {
    return TcpGuests.start(TcpGuests.module(TcpGuests.LOGGING));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aConnectionIsSeenFromItsBeginningToItsEnd(EngineKind engine) {
    byte[] module = TcpGuests.module(TcpGuests.LOGGING);
    try (SimulatedEnvoy envoy = TcpGuests.builder(module).engine(engine).start()) {

      TcpResult result =
          envoy.connect().sends("Fake").upstreamSends("Done").ends().upstreamEnds().result();

      assertThat(TcpGuests.logged(envoy))
          .containsExactly(
              "0 create",
              "0 new",
              "0 downstream",
              "Fake",
              "0 upstream",
              "Done",
              "1 downstream",
              "1 upstream",
              "0 upstream closed",
              "1 downstream closed",
              "0 done",
              "0 log",
              "0 delete");
      assertThat(result.upstream().orElseThrow().bytes()).hasToString("Fake");
      assertThat(result.upstream().orElseThrow().ended()).isTrue();
      assertThat(result.client().bytes()).hasToString("Done");
      assertThat(result.client().ended()).isTrue();
      assertThat(result.closed()).contains(CloseType.LOCAL);
      assertThat(result.filterRan()).isTrue();
    }
  }

  /** ConnectionImpl::doReadReady closes what was half-closed before by writing. */
  @Test
  void aClientThatEndsLastHasClosed() {
    try (SimulatedEnvoy envoy = logging()) {

      TcpResult result = envoy.connect().upstreamSendsLast(ByteString.utf8("Done")).ends().result();

      assertThat(TcpGuests.logged(envoy))
          .containsSubsequence(
              "1 upstream", "Done", "0 upstream closed", "1 downstream", "2 downstream closed")
          .endsWith(END);
      assertThat(result.closed()).contains(CloseType.REMOTE);
    }
  }

  @Test
  void aClientThatBreaksOffHasClosedAndUpstreamIsNotHeardOf() {
    try (SimulatedEnvoy envoy = logging()) {

      envoy.connect().sends("a").resets().sends("lost").upstreamSends("lost");

      assertThat(TcpGuests.logged(envoy))
          .containsExactly(
              "0 create",
              "0 new",
              "0 downstream",
              "a",
              "2 downstream closed",
              "0 done",
              "0 log",
              "0 delete");
    }
  }

  /** TcpProxy, Filter::onUpstreamEvent; Envoy's issue 13940: filters do not hear of it. */
  @Test
  void upstreamThatBreaksOffMakesEnvoyClose() {
    try (SimulatedEnvoy envoy = logging()) {

      TcpResult result = envoy.connect().upstreamResets().result();

      assertThat(TcpGuests.logged(envoy))
          .containsExactly(
              "0 create", "0 new", "1 downstream closed", "0 done", "0 log", "0 delete");
      assertThat(result.closed()).contains(CloseType.LOCAL);
    }
  }

  @Test
  void aModuleWithoutCallbacksLetsEverythingPass() {
    try (SimulatedEnvoy envoy = TcpGuests.start(TcpGuests.module(""))) {

      TcpResult result = envoy.connect().sends("up").upstreamSends("down").result();

      assertThat(result.upstream().orElseThrow().bytes()).hasToString("up");
      assertThat(result.client().bytes()).hasToString("down");
      assertThat(result.closed()).isEmpty();
    }
  }

  @Test
  void aCallbackThatIsNoCapabilityIsNotCalled() {
    byte[] module = TcpGuests.module(TcpGuests.LOGGING);
    try (SimulatedEnvoy envoy =
        TcpGuests.builder(module)
            .capabilities(Set.of("proxy_on_context_create", "proxy_log", "proxy_on_new_connection"))
            .start()) {

      envoy.connect().sends("a").resets();

      assertThat(TcpGuests.logged(envoy)).containsExactly("0 create", "0 new");
    }
  }

  /** Each connection has a context, and each worker a VM. */
  @Test
  void connectionsOnOneWorkerKeepApart() {
    try (SimulatedEnvoy envoy = logging()) {

      TcpConnection one = envoy.connect().sends("1");
      TcpConnection two = envoy.connect().sends("2");
      one.sends("1");

      assertThat(one.result().upstream().orElseThrow().bytes()).hasToString("11");
      assertThat(two.result().upstream().orElseThrow().bytes()).hasToString("2");
    }
  }

  /** TcpProxy, Filter::establishUpstreamConnection. */
  @Test
  void aClusterWithoutHealthyHostsClosesTheConnection() {
    try (SimulatedEnvoy envoy = logging()) {

      TcpResult result =
          envoy
              .connect(
                  TcpSetup.PLAIN.to(
                      new Route.Cluster("up", UpstreamHost.at("10.0.0.2:1"), false, Map.of())))
              .result();

      assertThat(result.closed()).contains(CloseType.LOCAL);
      assertThat(result.upstream()).isEmpty();
      assertThat(result.flags()).isEqualTo(ResponseFlag.NO_HEALTHY_UPSTREAM.bit());
      assertThat(TcpGuests.logged(envoy))
          .containsExactly(
              "0 create", "0 new", "1 downstream closed", "0 done", "0 log", "0 delete");
    }
  }

  @Test
  void aHostThatRefusesClosesTheConnection() {
    try (SimulatedEnvoy envoy = logging()) {

      TcpResult result = envoy.connect(TcpSetup.PLAIN.toRefusingHost()).result();

      assertThat(result.closed()).contains(CloseType.LOCAL);
      assertThat(result.flags())
          .isEqualTo(
              ResponseFlag.UPSTREAM_CONNECTION_FAILURE.bit()
                  | ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED.bit());
    }
  }

  @Test
  void upstreamCannotSpeakBeforeItIsConnectedTo() {
    try (SimulatedEnvoy envoy = TcpGuests.start(TcpGuests.answering(1, 0, 0))) {
      TcpConnection held = envoy.connect();

      assertThatThrownBy(() -> held.upstreamSends("early"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Envoy has not connected to upstream");
      assertThatThrownBy(() -> held.ends().sends("late"))
          .hasMessage("nothing can be sent after the end");
    }
  }
}
