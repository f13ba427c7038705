package dev.nametag.hostsim.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stream.Connection;
import org.junit.jupiter.api.Test;

/**
 * What a connection has of properties. Expected: Envoy docs, attributes; context.cc,
 * getConstRequestStreamInfo and findValue; expr/context.cc, RequestWrapper and XDSWrapper, whose
 * headers and route are null here; filter_manager_impl.cc for the bytes; tcp_proxy.cc for when
 * cluster and host are known.
 */
class ConnectionAttributesTest {

  private static final int OK = 0;
  private static final int NOT_FOUND = 1;

  /** Reports the result for a path under a name; 0 bytes separate the path. */
  private static final String FIND =
      """
      (func $find (param i32 i32 i32 i32)
        (call $report (local.get 2) (local.get 3)
          (call $proxy_get_property (local.get 0) (local.get 1) (i32.const 700) (i32.const 704))))
      (func $tell (param i32 i32)
        (drop (call $proxy_get_property (local.get 0) (local.get 1) (i32.const 700)
          (i32.const 704)))
        (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 700))
          (i32.load (i32.const 704)))))
      (func $number (param i32 i32 i32 i32)
        (drop (call $proxy_get_property (local.get 0) (local.get 1) (i32.const 700)
          (i32.const 704)))
        (call $report (local.get 2) (local.get 3) (i32.load (i32.load (i32.const 700)))))
      """;

  private static SimulatedEnvoy start(EnvoyVersion version, String functions) {
    return TcpGuests.builder(TcpGuests.module(functions + FIND))
        .pluginName("tcp")
        .envoyVersion(version)
        .start();
  }

  private static void assertFound(SimulatedEnvoy envoy, String name, int result) {
    assertThat(envoy.stats().gauge("wasmcustom." + name)).as(name).hasValue(result);
  }

  @Test
  void theClientIsKnownAtOnceAndUpstreamOnceThereIsOne() {
    String functions =
        """
        (func (export "proxy_on_new_connection") (param i32) (result i32)
          (call $tell «source\\00address»)
          (call $tell «plugin_name»)
          (call $find «upstream\\00address» «host before»)
          (call $find «xds\\00cluster_name» «cluster before»)
          (call $number «connection\\00id» «id»)
          (call $number «connection_id» «id alone»)
          (call $number «destination\\00port» «port»)
          (i32.const 0))
        (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
          (call $tell «upstream\\00address»)
          (call $tell «xds\\00cluster_name»)
          (call $number «upstream\\00request_attempt_count» «tries»)
          (i32.const 0))
        """;
    try (SimulatedEnvoy envoy = start(EnvoyVersion.LATEST, functions)) {

      envoy.connect(TcpSetup.PLAIN.from(Connection.plain("192.0.2.7:4000"))).sends("a");

      assertThat(TcpGuests.logged(envoy))
          .containsExactly("192.0.2.7:4000", "tcp", "10.0.0.2:8080", "upstream");
      assertFound(envoy, "host before", NOT_FOUND);
      assertFound(envoy, "cluster before", NOT_FOUND);
      assertFound(envoy, "id", 1);
      assertFound(envoy, "id alone", 1);
      assertFound(envoy, "port", 10000);
      assertFound(envoy, "tries", 1);
    }
  }

  @Test
  void thereIsNeitherRequestNorRoute() {
    String functions =
        """
        (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
          (call $find «request\\00path» «path»)
          (call $find «request\\00protocol» «protocol»)
          (call $find «request\\00duration» «duration»)
          (call $find «response\\00code» «code»)
          (call $find «xds\\00route_name» «route»)
          (call $find «xds\\00virtual_host_name» «virtual host»)
          (call $find «request\\00time» «time»)
          (call $find «response\\00flags» «flags»)
          (call $find «xds\\00filter_chain_name» «filter chain»)
          (call $find «metadata\\00filter_metadata» «metadata»)
          (i32.const 0))
        """;
    try (SimulatedEnvoy envoy = start(EnvoyVersion.LATEST, functions)) {

      envoy.connect().sends("a");

      for (String name :
          new String[] {"path", "protocol", "duration", "code", "route", "virtual host"}) {
        assertFound(envoy, name, NOT_FOUND);
      }
      for (String name : new String[] {"time", "flags", "filter chain", "metadata"}) {
        assertFound(envoy, name, OK);
      }
    }
  }

  /** onContinueReading counts the whole buffer each time; onWrite what has passed. */
  @Test
  void bytesAreCountedAsTheyAreShownAndAsTheyPass() {
    String functions =
        """
        (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
          (i32.const 1))
        (func (export "proxy_on_upstream_data") (param i32 i32 i32) (result i32)
          (i32.lt_u (local.get 1) (i32.const 3)))
        (func (export "proxy_on_log") (param i32)
          (call $number «request\\00size» «received»)
          (call $number «request\\00total_size» «received in all»)
          (call $number «response\\00size» «sent»))
        """;
    try (SimulatedEnvoy envoy = start(EnvoyVersion.LATEST, functions)) {

      envoy.connect().sends("ab").sends("c").upstreamSends("de").upstreamSends("f").resets();

      assertFound(envoy, "received", 2 + 3);
      assertFound(envoy, "received in all", 2 + 3);
      assertFound(envoy, "sent", 3);
    }
  }

  @Test
  void aPropertyThatIsSetStaysWithTheConnection() {
    String functions =
        """
        (func (export "proxy_on_new_connection") (param i32) (result i32)
          (call $report «set» (call $proxy_set_property «mine» «secret»))
          (i32.const 0))
        (func (export "proxy_on_log") (param i32)
          (call $tell «mine»)
          (call $tell «filter_state\\00wasm.mine»))
        """;
    try (SimulatedEnvoy envoy = start(EnvoyVersion.LATEST, functions)) {

      envoy.connect().resets();

      assertFound(envoy, "set", OK);
      assertThat(TcpGuests.logged(envoy)).containsExactly("secret", "secret");
    }
  }

  @Test
  void before133TheClusterStandsAlone() {
    String functions =
        """
        (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
          (call $tell «cluster_name»)
          (call $find «route_metadata» «route»)
          (i32.const 0))
        """;
    try (SimulatedEnvoy envoy = start(EnvoyVersion.V1_28, functions)) {

      envoy.connect().sends("a");

      assertThat(TcpGuests.logged(envoy)).containsExactly("upstream");
      assertFound(envoy, "route", NOT_FOUND);
    }
  }
}
