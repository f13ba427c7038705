package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Under load, with connections cut by clients, every request is counted exactly once across
 * workers: under its caller's name, and by what became of it.
 */
class GatewayExactnessTest {
  private static final int CLIENTS = 16;
  private static final int ROUNDS = 30;

  private static final String CONFIGURATION =
      """
      labels: { user: auth.identity.userid }
      metrics:
        calls_total:      { count: all }
        calls_authorized: { count: authorized, labels: [user] }
        calls_limited:    { count: limited,    labels: [user] }
        calls_denied:     { count: denied,     labels: [user] }
        calls_error:      { count: error,      labels: [user] }
        calls_aborted:    { count: aborted,    labels: [user] }
      """;

  private static final String GATEWAY =
      """
      routes:
        - { match: { prefix: /broken }, cluster: broken }
        - { match: { prefix: /slow }, cluster: slow }
        - { cluster: echo }
      clusters:
        broken: { unhealthy: true }
        slow: { echo: { delay: 60s } }
      filters:
        - api_keys:
            keys:
              k0: { userid: u0 }
              k1: { userid: u1 }
              k2: { userid: u2 }
              k3: { userid: u3 }
        - ext_authz: { rules: [{ prefix: /denied }] }
        - nametag
        - rate_limit: { limits: [{ requests: 0, per: 1h, when: { path: /limited } }] }
      """;

  @TempDir private Path folder;

  /** What the clients have brought about, by series. */
  private final Map<String, Long> expected = new ConcurrentHashMap<>();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void everyRequestIsCountedOnce(long seed) throws Exception {
    String config = Files.writeString(folder.resolve("c.yaml"), CONFIGURATION).toString();
    String gateway = Files.writeString(folder.resolve("g.yaml"), GATEWAY).toString();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (GatewayRun run =
        GatewayRun.of("--config", config, "--gateway", gateway, "--workers", "4")) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(seed * 1_000 + i);
        all.add(clients.submit(() -> rounds(run.port(), random)));
      }
      for (Future<?> each : all) {
        each.get();
      }

      Map<String, Long> counted = awaitTotal(run);
      Map<?, ?> totals = run.stop();

      assertThat(counted).isEqualTo(new TreeMap<>(expected));
      assertThat(totals.get("streams")).hasToString(expected.get("calls_total{}").toString());
    } finally {
      clients.shutdownNow();
    }
  }

  /** A connection that a client has cut may not have been seen yet. */
  private Map<String, Long> awaitTotal(GatewayRun run) throws InterruptedException {
    Map<String, Long> counted = run.calls();
    for (int i = 0; i < 200 && !counted.equals(new TreeMap<>(expected)); i++) {
      Thread.sleep(50);
      counted = run.calls();
    }
    return counted;
  }

  private void rounds(int port, Random random) {
    for (int i = 0; i < ROUNDS; i++) {
      String user = "u" + random.nextInt(4);
      String key = "k" + user.charAt(1);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(60_000);
        for (int rest = random.nextInt(4); rest > 0; rest--) {
          switch (random.nextInt(5)) {
            case 0 -> expect(socket, "/limited", key, 429, "limited", user);
            case 1 -> expect(socket, "/denied", key, 403, "denied", user);
            case 2 -> expect(socket, "/broken", key, 503, "error", user);
            case 3 -> expect(socket, "/", "unknown", 401, "denied", "_none");
            default -> expect(socket, "/", key, 200, "authorized", user);
          }
        }
        switch (random.nextInt(3)) {
          case 0 -> {
            // No answer is due for a minute: whoever leaves now has had none.
            send(socket, "POST /slow", key, "Expect: 100-continue\r\nContent-Length: 3\r\n");
            assertThat(status(socket)).isEqualTo(100);
            count("aborted", user);
            socket.getOutputStream().write(random.nextBoolean() ? new byte[3] : new byte[1]);
            if (random.nextBoolean()) {
              socket.setSoLinger(true, 0);
            }
          }
          // Not a whole request: nothing to count.
          case 1 ->
              socket
                  .getOutputStream()
                  .write("GET / HTTP/1.1\r\nHo".getBytes(StandardCharsets.UTF_8));
          default -> {}
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void expect(
      Socket socket, String path, String key, int status, String outcome, String user)
      throws IOException {
    send(socket, "GET " + path, key, "");
    assertThat(status(socket)).isEqualTo(status);
    count(outcome, user);
  }

  private void count(String outcome, String user) {
    expected.merge("calls_" + outcome + "__user__" + user + "{}", 1L, Long::sum);
    expected.merge("calls_total{}", 1L, Long::sum);
  }

  private static void send(Socket socket, String target, String key, String more)
      throws IOException {
    String request =
        target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key + "\r\n" + more + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a response to its end and returns the code. */
  private static int status(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    String head = "";
    while (!head.endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the connection ended after " + head);
      }
      head += (char) b;
    }
    int length = head.indexOf("content-length: ");
    if (length >= 0) {
      int end = head.indexOf('\r', length);
      in.skipNBytes(Integer.parseInt(head.substring(length + "content-length: ".length(), end)));
    }
    return Integer.parseInt(head.substring(9, 12));
  }
}
