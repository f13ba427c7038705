package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.testing.Wat;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StopTest {

  private static final String GET = "GET / HTTP/1.1\nHost: x\n\n";

  @Test
  void runningStreamsMayEndAndNewOnesDoNotBegin() {
    try (RunningGateway running =
            RunningGateway.to(new ClusterSettings.Echo(200, Duration.ofSeconds(1)));
        RawClient busy = running.connect();
        RawClient idle = running.connect()) {
      busy.send(GET + GET);
      running.awaitStreams(1);
      int port = running.port();

      assertThat(running.stopped()).containsExactly("via_upstream");
      assertThat(busy.response().headers()).containsEntry("connection", "close");
      assertThat(busy.rest()).isEmpty();
      assertThat(idle.rest()).isEmpty();
      assertThatThrownBy(() -> RawClient.to(port)).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void whatTakesTooLongIsBrokenOffAndCounted() {
    try (RunningGateway running =
            RunningGateway.to(new ClusterSettings.Echo(200, Duration.ofSeconds(60)));
        RawClient client = running.connect()) {
      client.send(GET);
      running.awaitStreams(1);

      running.gateway().stop(Duration.ofMillis(100));

      assertThat(running.details()).containsExactly("downstream_local_disconnect");
      assertThat(running.gateway().summary()).isEqualTo(new Gateway.Summary(1, 1, 0, 0, 1));
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aModuleThatNeverReturnsIsStopped() {
    byte[] endless =
        Wat.guest(
            """
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (drop (call $proxy_log (i32.const 2) «in»))
              (loop (br 0)) (i32.const 0))
            """);
    try (RunningGateway running =
            RunningGateway.running(
                endless, GatewaySettings.to("only", ClusterSettings.Echo.PLAIN), 2);
        RawClient client = running.connect()) {
      client.send(GET);
      running.awaitDetails(1);

      running.gateway().stop(Duration.ofMillis(100));

      Gateway.Summary summary = running.gateway().summary();
      assertThat(summary.streams()).isEqualTo(1);
      assertThat(summary.answered() + summary.aborted() + summary.brokenOff()).isEqualTo(1);
    }
  }

  /** Each would have a new VM that does not return either. */
  @Test
  void whatClientsSentToAWorkerThatIsHeldUpDoesNotBeginAtTheEnd() {
    byte[] endless =
        Wat.guest(
            """
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (drop (call $proxy_log (i32.const 2) «in»))
              (if (local.get 2) (then (loop (br 0))))
              (i32.const 0))
            """);
    CountDownLatch sent = new CountDownLatch(1);
    try (RunningGateway running = RunningGateway.reloading(endless, line -> await(sent));
        RawClient first = running.connect();
        RawClient second = running.connect();
        RawClient third = running.connect()) {
      running.awaitConnections(3);
      first.send("POST / HTTP/1.1\nHost: x\nContent-Length: 1\n\nx");
      running.awaitStreams(1);
      // The worker reads both in one go.
      second.send(GET);
      third.send(GET);
      sent.countDown();
      running.awaitStreams(2);

      running.gateway().stop(Duration.ofMillis(100));

      assertThat(running.gateway().summary().streams()).isEqualTo(2);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
