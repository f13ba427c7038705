package dev.nametag.hostsim.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What answers requests. */
public sealed interface ClusterSettings {

  /**
   * A server that speaks HTTP/1.1.
   *
   * @param connectTimeout after which a connection that has not come about has failed
   * @param idleTimeout after which a connection that is not in use is closed; empty for never
   */
  record Server(String host, int port, Duration connectTimeout, Optional<Duration> idleTimeout)
      implements ClusterSettings {

    /** Envoy's default for {@code connect_timeout}. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** A server with Envoy's default for {@code idle_timeout}. */
    public Server(String host, int port, Duration connectTimeout) {
      this(host, port, connectTimeout, Optional.of(GatewaySettings.DEFAULT_IDLE_TIMEOUT));
    }
  }

  /** A cluster without a host that could be used. */
  record Unhealthy() implements ClusterSettings {}

  /**
   * Built in: says what was asked, as JSON.
   *
   * @param delay from the end of the request to the answer
   */
  record Echo(int status, Duration delay) implements ClusterSettings {

    /** Answers with 200 at once. */
    public static final Echo PLAIN = new Echo(200, Duration.ZERO);
  }

  /**
   * Built in: answers as a server of language models with OpenAI's API does.
   *
   * @param models that there are; the first is for requests that name none
   * @param tokens how many tokens an answer has, unless the request wants fewer
   * @param firstToken from the end of the request to the first of them
   * @param perToken from one to the next
   */
  record LanguageModel(List<String> models, int tokens, Duration firstToken, Duration perToken)
      implements ClusterSettings {

    /** A model that answers in a third of a second. */
    public static final LanguageModel PLAIN =
        new LanguageModel(
            List.of("nametag-echo-1"), 16, Duration.ofMillis(100), Duration.ofMillis(15));

    /** Copies. */
    public LanguageModel {
      models = List.copyOf(models);
      if (models.isEmpty()) {
        throw new IllegalArgumentException("models: at least one");
      }
    }
  }
}
