package dev.nametag.hostsim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stats.StatName;
import dev.nametag.hostsim.stats.StatsQuery;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminServerTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private SimulatedEnvoy envoy;
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    envoy = Guests.start(new ModuleBuilder());
    envoy.stats().defineCounter(StatName.custom(ByteString.utf8("calls.alice"))).add(2);
    envoy.stats().defineCounter(StatName.custom(ByteString.of((byte) 'x', (byte) 0xff))).add(1);
    server = AdminServer.start(envoy, anyPort());
  }

  @AfterEach
  void stop() {
    server.close();
    envoy.close();
  }

  @Test
  void thePrometheusPageComesByteForByte() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get("/stats/prometheus");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(envoy.stats().prometheusPage()).contains(0xff);
  }

  @Test
  void everyAnswerHasEnvoysHeaders() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get("/stats/prometheus");

    assertThat(response.headers().firstValue("content-type")).contains("text/plain; charset=UTF-8");
    assertThat(response.headers().firstValue("cache-control")).contains("no-cache, max-age=0");
    assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
  }

  @Test
  void theFilterIsDecoded() throws IOException, InterruptedException {
    assertThat(text(get("/stats/prometheus?usedonly&filter=calls%5C.alice$")))
        .isEqualTo("# TYPE calls_alice counter\ncalls_alice{} 2\n");
  }

  @Test
  void aBadFilterIsABadRequest() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get("/stats/prometheus?filter=%5B");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).startsWith("Invalid re2 regex: ");
  }

  @Test
  void thePlainPageNamesTheWholeStat() throws IOException, InterruptedException {
    assertThat(text(get("/stats?filter=alice"))).isEqualTo("wasmcustom.calls.alice: 2\n");
  }

  @Test
  void thePlainPageCanBeAskedForTheOtherFormat() throws IOException, InterruptedException {
    assertThat(get("/stats?format=prometheus").body()).isEqualTo(envoy.stats().prometheusPage());
  }

  @Test
  void itIsReady() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get("/ready");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response)).isEqualTo("LIVE\n");
  }

  /** Source: Envoy test/server/admin/prometheus_stats_test.cc, ContentNegotiation…. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/stats/prometheus | application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
            + "encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;"
            + "escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3 | true",
        "/stats/prometheus | text/plain;version=0.0.4;q=0.1,application/vnd.google.protobuf | false",
        "/stats/prometheus | application/json , application/vnd.google.protobuf | true",
        "/stats/prometheus | */* | false",
        "/stats/prometheus?prom_protobuf=1 | text/plain | true",
        "/stats/prometheus?prom_protobuf | */* | true",
        "/stats?format=prometheus | application/vnd.google.protobuf | true",
        "/stats | application/vnd.google.protobuf | false",
      })
  void theFormIsTheOneThatIsAcceptedFirst(String path, String accept, boolean protobuf)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get(path, accept);

    assertThat(response.headers().firstValue("content-type"))
        .contains(
            protobuf
                ? "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
                    + " encoding=delimited"
                : "text/plain; charset=UTF-8");
    if (protobuf) {
      assertThat(response.body()).isEqualTo(envoy.stats().prometheusProtobuf(StatsQuery.ALL));
    }
  }

  @Test
  void before138ThereIsText() throws IOException, InterruptedException {
    try (SimulatedEnvoy older =
            Engines.envoy()
                .module(new ModuleBuilder().build())
                .envoyVersion(EnvoyVersion.V1_33)
                .start();
        AdminServer olderServer = AdminServer.start(older, anyPort())) {
      URI uri =
          URI.create(
              "http://127.0.0.1:"
                  + olderServer.address().getPort()
                  + "/stats/prometheus?prom_protobuf");

      assertThat(
              client
                  .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray())
                  .headers()
                  .firstValue("content-type"))
          .contains("text/plain; charset=UTF-8");
    }
  }

  @Test
  void nativeHistogramsAreInProtobufAlone() throws IOException, InterruptedException {
    String path = "/stats/prometheus?histogram_buckets=prometheusnative";

    assertThat(get(path + "&prom_protobuf").statusCode()).isEqualTo(200);
    assertThat(get(path).statusCode()).isEqualTo(400);
    assertThat(text(get(path)))
        .isEqualTo(
            "unsupported prometheusnative histogram type when not using protobuf exposition format");
    assertThat(get(path + "&prom_protobuf&native_histogram_max_buckets=x").statusCode())
        .isEqualTo(400);
    assertThat(get("/stats?histogram_buckets=prometheusnative").statusCode()).isEqualTo(400);
  }

  @Test
  void whatIsNoRequestIsABadRequest() throws IOException {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write("nonsense\r\n\r\n".getBytes(UTF_8));

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 400 Bad Request\r\n");
    }
  }

  @Test
  void aHeadHasNoBody() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/ready");
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(uri).method("HEAD", BodyPublishers.noBody()).build(),
            BodyHandlers.ofByteArray());

    assertThat(response.headers().firstValue("content-length")).contains("5");
    assertThat(response.body()).isEmpty();
  }

  @Test
  @Timeout(20)
  void aClientThatStallsIsCutOffAndOneThatRestsIsNot() throws Exception {
    try (AdminServer impatient = AdminServer.start(envoy, anyPort(), Duration.ofMillis(100));
        Socket resting = socket(impatient);
        Socket stalling = socket(impatient);
        Socket silent = socket(impatient)) {
      byte[] request = "GET /ready HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8);
      resting.getOutputStream().write(request);
      String first = answer(resting);
      stalling.getOutputStream().write(request, 0, 20);

      assertThat(stalling.getInputStream().read()).isEqualTo(-1);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      resting.getOutputStream().write(request);
      assertThat(answer(resting)).isEqualTo(first).endsWith("LIVE\n");
    }
  }

  private static Socket socket(AdminServer server) throws IOException {
    return new Socket(server.address().getAddress(), server.address().getPort());
  }

  private static String answer(Socket socket) throws IOException {
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("LIVE\n")) {
      answer.append((char) socket.getInputStream().read());
    }
    return answer.toString();
  }

  @Test
  void otherPathsAreNotFound() throws IOException, InterruptedException {
    assertThat(get("/config_dump").statusCode()).isEqualTo(404);
  }

  @Test
  @Timeout(20)
  void clientsThatStallInTheirHeadersKeepNobodyElseWaiting() throws Exception {
    try (Socket one = stalled();
        Socket two = stalled()) {
      assertThat(get("/ready").statusCode()).isEqualTo(200);
      assertThat(one.isConnected() && two.isConnected()).isTrue();
    }
  }

  private Socket stalled() throws IOException {
    Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.getOutputStream().write("GET /ready HTTP/1.1\r\nHost".getBytes(UTF_8));
    return socket;
  }

  @Test
  void aPortInUseIsSaidSo() {
    assertThatThrownBy(() -> AdminServer.start(envoy, server.address()))
        .isInstanceOf(BindException.class);
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return get(path, "*/*");
  }

  private HttpResponse<byte[]> get(String path, String accept)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri).header("accept", accept).build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
