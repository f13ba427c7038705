package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every stream ends once, and is logged once, also when clients leave while it is running. */
class LoadTest {

  private static final int CLIENTS = 24;
  private static final int CONNECTIONS = 25;

  /** What clients know that they have brought about. */
  private final AtomicInteger complete = new AtomicInteger();

  private final AtomicInteger cut = new AtomicInteger();
  private final AtomicInteger unsure = new AtomicInteger();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void everyStreamIsLoggedOnce(long seed) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (RunningGateway running =
        RunningGateway.with(
            GatewaySettings.to("only", new ClusterSettings.Echo(200, Duration.ofMillis(2))), 4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(seed * 1_000 + i);
        all.add(clients.submit(() -> connections(running, random)));
      }
      for (Future<?> each : all) {
        each.get();
      }
      List<String> details = running.stopped();

      Gateway.Summary summary = running.gateway().summary();
      long ok = details.stream().filter("via_upstream"::equals).count();
      long left = details.stream().filter("downstream_remote_disconnect"::equals).count();
      assertThat(details).hasSize(Math.toIntExact(summary.streams()));
      assertThat(ok).isEqualTo(summary.answered());
      assertThat(left).isEqualTo(summary.aborted());
      assertThat(ok + left).isEqualTo(details.size());
      assertThat(ok).isBetween((long) complete.get(), (long) complete.get() + unsure.get());
      assertThat(left).isBetween((long) cut.get(), (long) cut.get() + unsure.get());
    } finally {
      clients.shutdownNow();
    }
  }

  /** Several connections in turn, of which some are cut in the middle of a request. */
  private void connections(RunningGateway running, Random random) {
    for (int i = 0; i < CONNECTIONS; i++) {
      try (RawClient client = running.connect()) {
        for (int rest = 1 + random.nextInt(5); rest > 0; rest--) {
          client.send("POST /a HTTP/1.1\nHost: x\nContent-Length: 4\n\nabcd");
          assertThat(client.response().status()).isEqualTo(200);
          complete.incrementAndGet();
        }
        switch (random.nextInt(4)) {
          case 0 -> {
            // The stream has begun when 100 is said, and cannot end before its body does.
            client.send("POST /b HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 9\n\n");
            assertThat(client.response().status()).isEqualTo(100);
            cut.incrementAndGet();
            client.send("abc").reset();
          }
          case 1 -> client.send("GET /c HTTP/1.1\nHost");
          case 2 -> {
            client.send("GET /d HTTP/1.1\nHost: x\n\n");
            unsure.incrementAndGet();
            client.reset();
          }
          default -> {}
        }
      }
    }
  }
}
