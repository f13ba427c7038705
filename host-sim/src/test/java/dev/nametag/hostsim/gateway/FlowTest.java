package dev.nametag.hostsim.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.RetryPolicy;
import dev.nametag.hostsim.testing.Wat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Large bodies: who sends waits for who reads. The law: what is on its way is what the system's
 * buffers take, small ones at the ends and up to some 40 MiB in between, and what the gateway
 * holds, which is far less than the body.
 */
class FlowTest {

  private static final int BODY = 200 * 1024 * 1024;
  private static final long ON_ITS_WAY = 64L * 1024 * 1024;
  private static final byte[] PART = new byte[64 * 1024];
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: ";
  private static final String POST =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY + "\r\n\r\n";

  private final AtomicLong sent = new AtomicLong();

  private static ClusterSettings cluster(ServerSocket listener) {
    return new ClusterSettings.Server("127.0.0.1", listener.getLocalPort(), Duration.ofSeconds(5));
  }

  /** However long it takes. */
  private static GatewaySettings untimed(ClusterSettings cluster) {
    RouteSettings route =
        new RouteSettings(
            "",
            RouteSettings.Match.ALL,
            new RouteSettings.Forward("only"),
            Optional.empty(),
            RetryPolicy.NONE);
    return new GatewaySettings(
        List.of(route), Map.of("only", cluster), List.of(), List.of(), Optional.empty());
  }

  private static ServerSocket listen() throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReceiveBufferSize(PART.length);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return listener;
  }

  private static Socket connect(RunningGateway running) throws IOException {
    Socket client = new Socket();
    client.setReceiveBufferSize(PART.length);
    client.setSendBufferSize(PART.length);
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port()));
    return client;
  }

  private void sendBody(OutputStream out) throws IOException {
    for (int left = BODY; left > 0; left -= PART.length) {
      out.write(PART);
      sent.addAndGet(PART.length);
    }
  }

  /** Waits until the sender sends no more, and says how much it has sent by then. */
  private long whenStalled() {
    long before = -1;
    for (long now = sent.get(); now != before && now < BODY; now = sent.get()) {
      before = now;
      RunningGateway.pause(200);
    }
    return sent.get();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** Reads to the end of the headers. */
  private static String head(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("ended after " + head);
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static long read(Socket socket, long wanted) throws IOException {
    byte[] buffer = new byte[PART.length];
    long total = 0;
    while (total < wanted) {
      int read = socket.getInputStream().read(buffer);
      if (read < 0) {
        break;
      }
      total += read;
    }
    return total;
  }

  private static CompletableFuture<Long> async(IoTask task) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return task.run();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        },
        action -> {
          Thread thread = new Thread(action, "flow-test");
          thread.setDaemon(true);
          thread.start();
        });
  }

  private interface IoTask {
    long run() throws IOException;
  }

  @Test
  void aClientWaitsForAServerThatReadsSlowly() throws Exception {
    try (ServerSocket listener = listen();
        RunningGateway running = RunningGateway.with(untimed(cluster(listener)));
        Socket client = connect(running)) {
      CompletableFuture<Long> server =
          async(
              () -> {
                try (Socket socket = listener.accept()) {
                  head(socket);
                  long stalled = whenStalled();
                  assertThat(read(socket, BODY)).isEqualTo(BODY);
                  write(socket, HEAD + "0\r\n\r\n");
                  return stalled;
                }
              });
      write(client, POST);
      sendBody(client.getOutputStream());

      assertThat(head(client)).startsWith("HTTP/1.1 200");
      assertThat(server.get()).isLessThan(ON_ITS_WAY);
    }
  }

  @Test
  void aServerWaitsForAClientThatReadsSlowly() throws Exception {
    try (ServerSocket listener = listen();
        RunningGateway running = RunningGateway.with(untimed(cluster(listener)));
        Socket client = connect(running)) {
      CompletableFuture<Long> server =
          async(
              () -> {
                try (Socket socket = listener.accept()) {
                  head(socket);
                  write(socket, HEAD + BODY + "\r\n\r\n");
                  sendBody(socket.getOutputStream());
                  return sent.get();
                }
              });
      write(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      head(client);

      assertThat(whenStalled()).isLessThan(ON_ITS_WAY);
      assertThat(read(client, BODY)).isEqualTo(BODY);
      assertThat(server.get()).isEqualTo(BODY);
    }
  }

  private static final String LOG =
      """
      (func (export "proxy_on_log") (param i32)
        (drop (call $proxy_get_property «response\\00code_details» (i32.const 64) (i32.const 68)))
        (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 64)) (i32.load (i32.const 68)))))
      """;

  @Test
  void aClientWaitsForAModuleThatHoldsItsRequest() throws Exception {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (i32.const 1))
            """
                + LOG);
    GatewaySettings settings = GatewaySettings.to("only", ClusterSettings.Echo.PLAIN);
    try (RunningGateway running = RunningGateway.running(module, settings, 1);
        Socket client = connect(running)) {
      CompletableFuture<Long> sender =
          async(
              () -> {
                write(client, POST);
                sendBody(client.getOutputStream());
                return sent.get();
              });

      assertThat(whenStalled()).isLessThan(ON_ITS_WAY);
      assertThat(sender).isNotDone();
    }
  }

  @Test
  void aRequestThatAModuleBuffersBeyondTheLimitIsAnswered() {
    byte[] module =
        Wat.guest(
            """
            (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
              (select (i32.const 0) (i32.const 1) (local.get 2)))
            """
                + LOG);
    GatewaySettings settings =
        GatewaySettings.to("only", ClusterSettings.Echo.PLAIN).limitedTo(100_000);
    try (RunningGateway running = RunningGateway.running(module, settings, 1);
        RawClient client = running.connect();
        RawClient other = running.connect()) {
      client.send("POST / HTTP/1.1\nHost: x\nContent-Length: 100000\n\n" + "x".repeat(100_000));
      assertThat(client.response().status()).isEqualTo(200);

      other.send("POST / HTTP/1.1\nHost: x\nContent-Length: 300000\n\n" + "x".repeat(200_000));
      RawClient.Response response = other.response();
      assertThat(response.status()).isEqualTo(413);
      assertThat(response.body()).isEqualTo("Payload Too Large");
      assertThat(response.headers().get("connection")).isEqualTo("close");
      assertThat(other.rest()).isEmpty();
      assertThat(running.stopped()).containsExactly("via_upstream", "request_payload_too_large");
    }
  }

  /** With no time between tokens, all of them could be made at once. */
  @Test
  void theBuiltInModelWaitsForItsClient() throws Exception {
    ClusterSettings model =
        new ClusterSettings.LanguageModel(List.of("m"), 60_000, Duration.ZERO, Duration.ZERO);
    try (RunningGateway running = RunningGateway.with(untimed(model));
        Socket client = connect(running)) {
      String body = "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Go\"}]}";
      write(
          client,
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      assertThat(head(client)).startsWith("HTTP/1.1 200");
      // The gateway's other streams go on meanwhile.
      try (RawClient other = running.connect()) {
        assertThat(other.send("GET /v1/models HTTP/1.1\nHost: x\n\n").response().status())
            .isEqualTo(200);
      }
      assertThat(running.gateway().summary().answered()).isEqualTo(1);
      assertThat(read(client, Long.MAX_VALUE)).isGreaterThan(60_000L * 100);
      assertThat(running.stopped()).hasSize(2);
    }
  }
}
