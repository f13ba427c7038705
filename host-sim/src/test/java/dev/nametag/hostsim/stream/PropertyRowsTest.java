package dev.nametag.hostsim.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stream.StreamScript.Act;
import dev.nametag.hostsim.testing.Code;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each property of a stream that is played with everything in it, with its type, byte by byte, and
 * the callbacks in which it is there: request headers, response headers, log.
 *
 * <p>Source: Envoy source/extensions/filters/common/expr/context.cc, and
 * docs/root/intro/arch_overview/advanced/attributes.rst.
 */
class PropertyRowsTest {

  private static final int NOT_FOUND = 1;
  private static final int SERIALIZATION_FAILURE = 3;
  private static final List<String> CALLBACKS = List.of("request", "response", "log");

  @ParameterizedTest(name = "{0} is {1} {2} in {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "request/path                      | text   | /v1/x?y=z#f      | request log",
        "request/url_path                  | text   | /v1/x            | request log",
        "request/query                     | text   | y=z              | request log",
        "request/host                      | text   | example.com      | request log",
        "request/scheme                    | text   | https            | request log",
        "request/method                    | text   | POST             | request log",
        "request/referer                   | text   | http://r/        | request log",
        "request/useragent                 | text   | curl             | request log",
        "request/id                        | text   | id-1             | request log",
        "request/headers/x-tag             | text   | a,b              | request log",
        "request/headers/x-none            | none   |                  | ",
        "request/protocol                  | text   | HTTP/2           | request response log",
        "request/size                      | int    | 3                | log",
        "request/total_size                | int    | 121              | log",
        "request/time                      | int    |                  | request response log",
        "request/duration                  | int    |                  | log",
        "response/code                     | int    | 200              | response log",
        "response/code_details             | text   | via_upstream     | response log",
        "response/flags                    | int    | 0                | request response log",
        "response/grpc_status              | int    | 5                | log",
        "response/size                     | int    | 4                | log",
        "response/total_size               | int    | 36               | log",
        "response/headers/x-served         | text   | by               | response log",
        "response/trailers/grpc-status     | text   | 5                | log",
        "response/backend_latency          | int    |                  | log",
        "connection/id                     | int    | 1                | request response log",
        "connection/mtls                   | bool   | 1                | request response log",
        "connection/requested_server_name  | text   | sni              | request response log",
        "connection/tls_version            | text   | TLSv1.3          | request response log",
        "connection/uri_san_peer_certificate | text | spiffe://a/b     | request response log",
        "connection/uri_san_local_certificate | text | spiffe://l      | request response log",
        "connection/dns_san_peer_certificate | text | p.example        | request response log",
        "connection/dns_san_local_certificate | text | l.example       | request response log",
        "connection/subject_peer_certificate | text | CN=p             | request response log",
        "connection/subject_local_certificate | text | CN=l            | request response log",
        "connection/sha256_peer_certificate_digest | text | ab         | request response log",
        "connection/peer_certificate       | text   | pem              | request response log",
        "connection/termination_details    | text   | rbac_denied      | request response log",
        "connection/transport_failure_reason | none |                  | ",
        "connection_id                     | int    | 1                | request response log",
        "source/address                    | text   | 10.0.0.7:4711    | request response log",
        "source/port                       | int    | 4711             | request response log",
        "destination/address               | text   | 127.0.0.1:10000  | request response log",
        "destination/port                  | int    | 10000            | request response log",
        "upstream/address                  | text   | 10.0.0.2:8080    | response log",
        "upstream/port                     | int    | 8080             | response log",
        "upstream/local_address            | text   | 10.0.0.1:40000   | response log",
        "upstream/request_attempt_count    | int    | 1                | request response log",
        "upstream/transport_failure_reason | text   |                  | response log",
        "upstream/tls_version              | none   |                  | ",
        "xds/route_name                    | text   | my-route         | request response log",
        "xds/virtual_host_name             | text   | vh               | request response log",
        "xds/cluster_name                  | text   | up               | request response log",
        "xds/listener_direction            | int    | 1                | request response log",
        "xds/filter_chain_name             | text   | fc               | request response log",
        "xds/route_metadata/filter_metadata/istio/n | double | 2.5        | request response log",
        "xds/node/id                       | text   | me.ns            | request response log",
        "xds/node/cluster                  | text   | mesh             | request response log",
        "xds/node/user_agent_name          | text   | envoy            | request response log",
        "xds/node/metadata/NAMESPACE       | text   | ns               | request response log",
        "xds/node/nothing                  | none   |                  | ",
        "metadata/filter_metadata/ns/yes   | bool   | 1                | request response log",
        "filter_state/io.istio.peer_principal | text | spiffe://peer    | request response log",
        "filter_state/object/latency_us    | int    | 1500             | request response log",
        "filter_state/object/text          | text   | t                | request response log",
        "filter_state/object/nothing       | none   |                  | ",
        "me                                | text   | set              | request response log",
        "plugin_name                       | text   | p                | request response log",
        "plugin_root_id                    | text   | r                | request response log",
        "plugin_vm_id                      | text   | v                | request response log",
        "nothing                           | none   |                  | ",
      })
  void theProperty(String path, String type, String value, String callbacks) {
    check(EnvoyVersion.LATEST, path, type, value, callbacks);
  }

  /**
   * Sources: envoyproxy/envoy#36619 took the bare names away in 1.33, and #31620 and #32077 brought
   * {@code xds.node} in 1.30; changelogs/1.29.0.yaml and 1.33.0.yaml for the rest.
   */
  @ParameterizedTest(name = "{1} is {2} {3} in {4} of {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "V1_28 | xds/route_name              | text | my-route         | request response log",
        "V1_28 | xds/cluster_name            | text | up               | request response log",
        "V1_28 | xds/node/id                 | none |                  | ",
        "V1_28 | xds/listener_direction      | none |                  | ",
        "V1_28 | xds/listener_metadata       | none |                  | ",
        "V1_28 | xds/virtual_host_name       | none |                  | ",
        "V1_28 | node/id                     | text | me.ns            | request response log",
        "V1_28 | upstream/request_attempt_count | none |               | ",
        "V1_30 | route_name                  | text | my-route         | request response log",
        "V1_30 | route_metadata/filter_metadata/istio/n | double | 2.5 | request response log",
        "V1_30 | cluster_name                | text | up               | request response log",
        "V1_30 | cluster_metadata            | text |                  | request response log",
        "V1_30 | listener_direction          | int  | 1                | request response log",
        "V1_30 | listener_metadata           | text |                  | request response log",
        "V1_30 | node/cluster                | text | mesh             | request response log",
        "V1_30 | node/metadata/NAMESPACE     | text | ns               | request response log",
        "V1_30 | xds/node/id                 | text | me.ns            | request response log",
        "V1_30 | xds/listener_direction      | int  | 1                | request response log",
        "V1_30 | xds/virtual_host_name       | none |                  | ",
        "V1_33 | route_name                  | none |                  | ",
        "V1_33 | route_metadata              | none |                  | ",
        "V1_33 | cluster_name                | none |                  | ",
        "V1_33 | cluster_metadata            | none |                  | ",
        "V1_33 | listener_direction          | none |                  | ",
        "V1_33 | listener_metadata           | none |                  | ",
        "V1_33 | upstream_host_metadata      | none |                  | ",
        "V1_33 | node/id                     | none |                  | ",
        "V1_33 | xds/node/id                 | text | me.ns            | request response log",
        "V1_33 | xds/virtual_host_name       | text | vh               | request response log",
        "V1_33 | xds/virtual_host_metadata   | text |                  | request response log",
        "V1_33 | upstream/request_attempt_count | int | 1              | request response log",
        "V1_33 | plugin_name                 | text | p                | request response log",
        "V1_33 | connection_id               | int  | 1                | request response log",
      })
  void thePropertyInARelease(
      EnvoyVersion release, String path, String type, String value, String callbacks) {
    check(release, path, type, value, callbacks);
  }

  private static void check(
      EnvoyVersion release, String path, String type, String value, String callbacks) {
    String there = callbacks == null ? "" : callbacks.strip();
    String[] segments = path.split("/", path.startsWith("filter_state/io") ? 2 : -1);
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .envoyVersion(release)
            .module(asking(segments).build())
            .pluginName("p")
            .rootId("r")
            .vmId("v")
            .node("me.ns", "mesh")
            .nodeMetadata(Map.of("NAMESPACE", "ns"))
            .start()) {
      assertThat(envoy.play(everything()).result().failure()).isEmpty();

      for (String callback : CALLBACKS) {
        boolean found = (" " + there + " ").contains(" " + callback + " ");
        long result = envoy.stats().gauge("wasmcustom." + callback).orElseThrow();
        if (found) {
          assertThat(result).as(callback).isZero();
        } else if (callback.equals("log") || !isSize(path)) {
          assertThat(result).as(callback).isEqualTo(NOT_FOUND);
        }
      }
      if (!type.equals("none") && value != null) {
        List<String> lines = Guests.logged(envoy);
        assertThat(lines.get(lines.size() - 1)).isEqualTo(encoded(type, value));
      }
    }
  }

  /**
   * Metadata as a whole is a message. Written out by hand from api/envoy/config/core/v3/base.proto
   * and google/protobuf/struct.proto; the lengths are those of the nested messages.
   */
  @Test
  void metadataAsAWholeIsAMessage() {
    String value = " \u0001"; // bool_value = 4: true
    String field = "\n\u0003yes\u0012\u0002" + value;
    String struct = "\n\u0009" + field;
    String entry = "\n\u0002ns\u0012\u000b" + struct;
    try (SimulatedEnvoy envoy = Guests.start(asking("metadata"))) {
      envoy.play(everything());

      List<String> lines = Guests.logged(envoy);
      assertThat(lines.get(lines.size() - 1)).isEqualTo("\n\u0011" + entry);
    }
  }

  /**
   * The node as a message, by hand from api/envoy/config/core/v3/base.proto, Node: id = 1, cluster
   * = 2, metadata = 3, user_agent_name = 6.
   */
  @Test
  void theNodeAsAWholeIsAMessage() {
    String value = "\u001a\u0001x"; // string_value = 3: x
    String field = "\n\u0001k\u0012\u0003" + value;
    String struct = "\n\u0008" + field;
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(asking("xds", "node").build())
            .node("me", "mesh")
            .nodeMetadata(Map.of("k", "x"))
            .start()) {
      envoy.play(everything());

      List<String> lines = Guests.logged(envoy);
      assertThat(lines.get(lines.size() - 1))
          .isEqualTo("\n\u0002me\u0012\u0004mesh\u001a\n" + struct + "2\u0005envoy");
    }
  }

  /**
   * Headers are a map that can be listed (expr/context.h, HeadersWrapper), an object with fields is
   * one that lists none (expr/context.cc, FilterStateObjectWrapper).
   */
  @Test
  void headersAndObjectsAsAWholeArePairs() {
    assertThat(wholeInLog("response", "headers"))
        .isEqualTo(
            "\u0002\0\0\0\u0007\0\0\0\u0003\0\0\0\u0008\0\0\0\u0002\0\0\0"
                + ":status\000200\0x-served\0by\0");
    assertThat(wholeInLog("filter_state", "object")).isEqualTo("\0\0\0\0");
  }

  private static String wholeInLog(String... path) {
    try (SimulatedEnvoy envoy = Guests.start(asking(path))) {
      envoy.play(everything());

      List<String> lines = Guests.logged(envoy);
      return lines.get(lines.size() - 1);
    }
  }

  /** The names of others and those that can be listed answer as a whole; these cannot. */
  @ParameterizedTest
  @ValueSource(strings = {"request", "response", "connection", "upstream", "xds", "filter_state"})
  void whatCannotBeListedIsNoValue(String name) {
    try (SimulatedEnvoy envoy = Guests.start(asking(name))) {
      envoy.play(everything());

      assertThat(envoy.stats().gauge("wasmcustom.log")).hasValue(SERIALIZATION_FAILURE);
    }
  }

  /** routeEntry() is null then, and so is the cluster's info (conn_manager_impl.cc). */
  @ParameterizedTest
  @CsvSource({"xds/cluster_name, V1_39", "cluster_name, V1_30"})
  void aRouteThatAnswersByItselfHasNoCluster(String path, EnvoyVersion release) {
    Route direct = Route.to(Route.Cluster.of("up", "10.0.0.2:8080")).answering(200, "ok");
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .envoyVersion(release)
            .module(asking(path.split("/")).build())
            .start()) {
      envoy.play(everything().routed(headers -> Optional.of(direct)));

      assertThat(envoy.stats().gauge("wasmcustom.log")).hasValue(NOT_FOUND);
    }
  }

  /** These are there from the start, and grow. */
  private static boolean isSize(String path) {
    return path.endsWith("size") || path.equals("response/grpc_status");
  }

  private static String encoded(String type, String value) {
    byte[] bytes =
        switch (type) {
          case "int" -> number(Long.parseLong(value));
          case "double" -> number(Double.doubleToRawLongBits(Double.parseDouble(value)));
          case "bool" -> new byte[] {Byte.parseByte(value)};
          default -> value.getBytes(ISO_8859_1);
        };
    return ByteString.of(bytes).toString();
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private static ModuleBuilder asking(String... path) {
    return new ModuleBuilder()
        .function(
            "proxy_on_request_headers",
            "i32 i32 i32 -> i32",
            code -> {
              code.call("proxy_set_property", "me", "set").drop();
              ask(code, "request", path).i32(0);
            })
        .function(
            "proxy_on_response_headers",
            "i32 i32 i32 -> i32",
            code -> ask(code, "response", path).i32(0))
        .function(
            "proxy_on_log",
            "i32 -> void",
            code -> {
              ask(code, "log", path);
              code.getProperty(path).drop().logReturned();
            });
  }

  private static Code ask(Code code, String gauge, String... path) {
    return code.getProperty(path).report(gauge);
  }

  private static StreamScript everything() {
    Connection.Tls tls =
        new Connection.Tls(
            true,
            Map.of(
                "tls_version", "TLSv1.3",
                "uri_san_peer_certificate", "spiffe://a/b",
                "uri_san_local_certificate", "spiffe://l",
                "dns_san_peer_certificate", "p.example",
                "dns_san_local_certificate", "l.example",
                "subject_peer_certificate", "CN=p",
                "subject_local_certificate", "CN=l",
                "sha256_peer_certificate_digest", "ab",
                "peer_certificate", "pem"));
    Route route =
        Route.to(Route.Cluster.of("up", "10.0.0.2:8080"))
            .named("my-route")
            .withMetadata("istio", Map.of("n", 2.5));
    StreamSetup setup =
        new StreamSetup(
            Connection.plain("10.0.0.7:4711")
                .speaking("HTTP/2")
                .over("sni", tls)
                .endedBecause("rbac_denied"),
            new Listener(Listener.Direction.INBOUND, "fc", "vh", Map.of()),
            FilterChain.OURS_ALONE,
            headers -> Optional.of(route),
            Map.of(ByteString.utf8("ns"), PropertyValue.ofStruct(Map.of("yes", true))),
            Map.of(ByteString.utf8("io.istio.peer_principal"), ByteString.utf8("spiffe://peer")),
            Map.of(
                ByteString.utf8("object"),
                new PropertyValue.Fields(
                    Map.of(
                        ByteString.utf8("latency_us"),
                        new PropertyValue.Int(1500),
                        ByteString.utf8("text"),
                        PropertyValue.text("t")))));
    return StreamScript.of(
            setup,
            List.of(
                Header.of(":authority", "example.com"),
                Header.of(":path", "/v1/x?y=z#f"),
                Header.of(":method", "POST"),
                Header.of(":scheme", "https"),
                Header.of("referer", "http://r/"),
                Header.of("user-agent", "curl"),
                Header.of("x-request-id", "id-1"),
                Header.of("x-tag", "a"),
                Header.of("x-tag", "b")))
        .sending(ByteString.utf8("abc"))
        .met(
            Act.respond(200, Header.of("x-served", "by"))
                .with(ByteString.utf8("defg"))
                .endingWith(Header.of("grpc-status", "5")));
  }
}
