package dev.nametag.hostsim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.stats.StatName;
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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
