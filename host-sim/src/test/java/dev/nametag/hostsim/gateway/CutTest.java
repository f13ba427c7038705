package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that leave at every point. Expected: a stream begins with the end of the headers, and
 * ends once; Envoy source/common/http/conn_manager_impl.cc, onEvent.
 */
class CutTest {

  private static final String LEFT = "downstream_remote_disconnect";

  enum Way {
    CLOSE,
    RESET;

    void cut(RawClient client) {
      switch (this) {
        case CLOSE -> client.close();
        case RESET -> client.reset();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void beforeTheEndOfTheHeadersThereIsNoStream(Way way) {
    try (RunningGateway running = RunningGateway.echo()) {
      RawClient client = running.connect().send("GET / HTTP/1.1\nHost: x\nX-A");
      RunningGateway.pause(50);
      way.cut(client);

      assertThat(running.stopped()).isEmpty();
      assertThat(running.gateway().summary().streams()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void inTheBody(Way way) {
    try (RunningGateway running = RunningGateway.echo()) {
      RawClient client =
          running.connect().send("POST / HTTP/1.1\nHost: x\nContent-Length: 9\n\nabc");
      running.awaitStreams(1);
      way.cut(client);

      assertThat(running.awaitDetails(1)).containsExactly(LEFT);
      assertThat(running.gateway().summary().aborted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whileUpstreamIsWorking(Way way) {
    try (RunningGateway running =
        RunningGateway.to(new ClusterSettings.Echo(200, Duration.ofSeconds(30)))) {
      RawClient client = running.connect().send("GET / HTTP/1.1\nHost: x\n\n");
      running.awaitStreams(1);
      way.cut(client);

      assertThat(running.awaitDetails(1)).containsExactly(LEFT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void inTheResponse(Way way) {
    ClusterSettings slow =
        new ClusterSettings.LanguageModel(
            java.util.List.of("m"), 1000, Duration.ZERO, Duration.ofMillis(10));
    try (RunningGateway running = RunningGateway.to(slow)) {
      String body = "{\"stream\":true,\"messages\":[{\"content\":\"a\"}]}";
      RawClient client =
          running
              .connect()
              .send(
                  "POST /v1/chat/completions HTTP/1.1\nHost: x\nContent-Length: "
                      + body.length()
                      + "\n\n"
                      + body);
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      running.awaitStreams(1);
      way.cut(client);

      assertThat(running.awaitDetails(1)).containsExactly(LEFT);
    }
  }

  @Test
  void aClientThatSaysItHasNoMoreToSendHasLeft() {
    try (RunningGateway running =
            RunningGateway.to(new ClusterSettings.Echo(200, Duration.ofSeconds(30)));
        RawClient client = running.connect().send("GET / HTTP/1.1\nHost: x\n\n")) {
      running.awaitStreams(1);
      client.endOutput();

      assertThat(running.awaitDetails(1)).containsExactly(LEFT);
    }
  }

  @Test
  void requestsBehindTheOneThatIsCutNeverBegan() {
    try (RunningGateway running =
        RunningGateway.to(new ClusterSettings.Echo(200, Duration.ofSeconds(30)))) {
      RawClient client = running.connect().send("GET / HTTP/1.1\nHost: x\n\n".repeat(3));
      running.awaitStreams(1);
      client.close();

      assertThat(running.awaitDetails(1)).containsExactly(LEFT);
      assertThat(running.stopped()).hasSize(1);
      assertThat(running.gateway().summary().streams()).isEqualTo(1);
    }
  }
}
