package dev.nametag.cli.gateway;

import dev.nametag.hostsim.gateway.ClusterSettings;
import dev.nametag.hostsim.gateway.GatewaySettings;
import dev.nametag.hostsim.gateway.RouteSettings;
import dev.nametag.hostsim.stream.Listener;
import dev.nametag.hostsim.stream.RetryPolicy;
import dev.nametag.naming.Problem;
import dev.nametag.relabel.yaml.YamlReader;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a gateway file; what may stand in it is told in docs/gateway.md.
 *
 * <p>The clusters {@code echo} and {@code llm} are there without being listed, and so is {@code
 * upstream} if the command line names one.
 */
public final class GatewayFile {
  private static final String UPSTREAM = "upstream";
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Map<String, RetryPolicy.On> RETRY_ON =
      Map.of(
          "5xx", RetryPolicy.On.FIVE_XX,
          "gateway-error", RetryPolicy.On.GATEWAY_ERROR,
          "reset", RetryPolicy.On.RESET,
          "connect-failure", RetryPolicy.On.CONNECT_FAILURE,
          "retriable-4xx", RetryPolicy.On.RETRIABLE_4XX);

  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, ClusterSettings> clusters = new LinkedHashMap<>();
  private final String fallback;

  private GatewayFile(Optional<ClusterSettings> upstream) {
    clusters.put("echo", ClusterSettings.Echo.PLAIN);
    clusters.put("llm", ClusterSettings.LanguageModel.PLAIN);
    upstream.ifPresent(cluster -> clusters.put(UPSTREAM, cluster));
    fallback = upstream.isPresent() ? UPSTREAM : "echo";
  }

  /** Returns what a gateway without a file does: everything goes to one cluster. */
  public static GatewayConfig none(Optional<ClusterSettings> upstream) {
    return new GatewayFile(upstream).read(Map.of());
  }

  /**
   * Returns what a file says.
   *
   * @param file how messages call it
   * @param text its content
   * @param upstream the cluster that the command line names
   * @throws GatewayFileException if it is refused
   * @throws dev.nametag.relabel.yaml.YamlException if it is no YAML
   */
  public static GatewayConfig read(String file, String text, Optional<ClusterSettings> upstream) {
    List<Object> documents = YamlReader.read(file, text);
    documents.removeIf(document -> document == null);
    if (documents.size() > 1) {
      throw new GatewayFileException(file, List.of(new Problem("documents", "expected one")));
    }
    GatewayFile reader = new GatewayFile(upstream);
    GatewayConfig config = reader.read(documents.isEmpty() ? Map.of() : documents.get(0));
    if (!reader.problems.isEmpty()) {
      throw new GatewayFileException(file, reader.problems);
    }
    return config;
  }

  /**
   * Returns the cluster that a text names: {@code echo}, {@code llm} or a URL.
   *
   * @throws IllegalArgumentException with the reason if it names none
   */
  public static ClusterSettings upstream(String text) {
    return switch (text) {
      case "echo" -> ClusterSettings.Echo.PLAIN;
      case "llm" -> ClusterSettings.LanguageModel.PLAIN;
      default ->
          server(
              text,
              ClusterSettings.Server.DEFAULT_CONNECT_TIMEOUT,
              Optional.of(GatewaySettings.DEFAULT_IDLE_TIMEOUT));
    };
  }

  /** Returns the time that a text such as {@code 250ms} names; none if it names no time. */
  public static Optional<Duration> duration(String text) {
    return Optional.ofNullable(Fields.parseDuration(text));
  }

  private GatewayConfig read(Object document) {
    Fields root = Fields.of(document, "", problems);
    Fields named = root.map("clusters");
    for (String name : named.keys()) {
      cluster(named.map(name)).ifPresent(cluster -> clusters.put(name, cluster));
    }
    List<RouteSettings> routes = root.list("routes", this::route);
    if (!root.has("routes")) {
      routes = List.of(RouteSettings.all("default", fallback));
    }
    FilterList filters = FilterList.read(root, problems);
    Optional<Duration> streamIdle =
        timeout(root, "stream_idle_timeout", GatewaySettings.DEFAULT_STREAM_IDLE_TIMEOUT);
    Optional<Duration> idle = timeout(root, "idle_timeout", GatewaySettings.DEFAULT_IDLE_TIMEOUT);
    int bufferLimit =
        root.number(
            "buffer_limit_bytes", Listener.DEFAULT_BUFFER_LIMIT_BYTES, 0, Integer.MAX_VALUE);
    StatsConfig stats = StatsReader.read(root, problems);
    root.done();
    if (!problems.isEmpty()) {
      routes = List.of();
    }
    return new GatewayConfig(
        new GatewaySettings(
            routes, clusters, filters.before(), filters.after(), streamIdle, idle, bufferLimit),
        stats);
  }

  /** A time of which 0s means never. */
  private static Optional<Duration> timeout(Fields fields, String name, Duration otherwise) {
    return fields.has(name)
        ? fields.duration(name).filter(time -> !time.isZero())
        : Optional.of(otherwise);
  }

  private Optional<ClusterSettings> cluster(Fields fields) {
    Set<String> kinds = new LinkedHashSet<>(fields.keys());
    kinds.retainAll(Set.of("url", "echo", "llm", "unhealthy"));
    if (kinds.size() != 1) {
      fields.problem("", "expected one of url, echo, llm, unhealthy");
      return Optional.empty();
    }
    Optional<ClusterSettings> cluster =
        switch (kinds.iterator().next()) {
          case "url" -> server(fields);
          case "echo" -> Optional.of(echo(fields.map("echo")));
          case "llm" -> Optional.of(model(fields.map("llm")));
          default -> {
            fields.flag("unhealthy", true);
            yield Optional.of(new ClusterSettings.Unhealthy());
          }
        };
    fields.done();
    return cluster;
  }

  private static Optional<ClusterSettings> server(Fields fields) {
    Optional<String> url = fields.text("url");
    Duration timeout =
        fields
            .positiveDuration("connect_timeout")
            .orElse(ClusterSettings.Server.DEFAULT_CONNECT_TIMEOUT);
    Optional<Duration> idle = timeout(fields, "idle_timeout", GatewaySettings.DEFAULT_IDLE_TIMEOUT);
    try {
      return url.map(text -> server(text, timeout, idle));
    } catch (IllegalArgumentException e) {
      fields.problem("url", e.getMessage());
      return Optional.empty();
    }
  }

  private static ClusterSettings server(
      String url, Duration connectTimeout, Optional<Duration> idleTimeout) {
    String expected = "expected a URL such as http://127.0.0.1:9000, found " + Fields.shown(url);
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(expected, e);
    }
    boolean bare = uri.getRawPath() == null || uri.getRawPath().matches("/?");
    if (!"http".equals(uri.getScheme())
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || !bare) {
      throw new IllegalArgumentException(expected);
    }
    return new ClusterSettings.Server(
        uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort(), connectTimeout, idleTimeout);
  }

  private static ClusterSettings echo(Fields fields) {
    ClusterSettings.Echo echo =
        new ClusterSettings.Echo(
            fields.number("status", 200, 200, 599), fields.duration("delay").orElse(Duration.ZERO));
    fields.done();
    return echo;
  }

  private static ClusterSettings model(Fields fields) {
    ClusterSettings.LanguageModel plain = ClusterSettings.LanguageModel.PLAIN;
    List<String> models = fields.texts("models");
    ClusterSettings.LanguageModel model =
        new ClusterSettings.LanguageModel(
            models.isEmpty() ? plain.models() : models,
            fields.number("tokens", plain.tokens(), 1, 1_000_000),
            fields.duration("first_token").orElse(plain.firstToken()),
            fields.duration("per_token").orElse(plain.perToken()));
    fields.done();
    return model;
  }

  private Optional<RouteSettings> route(Object item, String path) {
    Fields fields = Fields.of(item, path, problems);
    Fields match = fields.map("match");
    RouteSettings.Match matched =
        new RouteSettings.Match(
            match.text("prefix"), match.text("path"), match.text("host"), match.text("method"));
    match.done();
    Set<String> actions = new LinkedHashSet<>(fields.keys());
    actions.retainAll(Set.of("cluster", "direct_response", "redirect"));
    Optional<RouteSettings.Action> action = Optional.empty();
    if (actions.size() == 1) {
      action =
          switch (actions.iterator().next()) {
            case "cluster" -> forward(fields);
            case "direct_response" -> Optional.of(direct(fields.map("direct_response")));
            default -> redirect(fields.map("redirect"));
          };
    } else {
      fields.problem("", "expected one of cluster, direct_response, redirect");
    }
    String name = fields.text("name").orElse("");
    Optional<Duration> timeout = timeout(fields, "timeout", RouteSettings.DEFAULT_TIMEOUT);
    RetryPolicy retries = retries(fields);
    fields.has("cluster");
    fields.has("direct_response");
    fields.has("redirect");
    fields.done();
    return action.map(does -> new RouteSettings(name, matched, does, timeout, retries));
  }

  private Optional<RouteSettings.Action> forward(Fields fields) {
    Optional<String> cluster = fields.text("cluster");
    if (cluster.isPresent() && !clusters.containsKey(cluster.get())) {
      fields.problem(
          "cluster",
          "no cluster is called "
              + Fields.shown(cluster.get())
              + "; there are "
              + String.join(", ", clusters.keySet()));
      return Optional.empty();
    }
    return cluster.map(RouteSettings.Forward::new);
  }

  private static RouteSettings.Action direct(Fields fields) {
    RouteSettings.Action direct =
        new RouteSettings.DirectResponse(
            fields.number("status", 200, 200, 599), fields.text("body").orElse(""));
    fields.done();
    return direct;
  }

  private static Optional<RouteSettings.Action> redirect(Fields fields) {
    int code = fields.number("code", 301, 301, 308);
    if (!REDIRECTS.contains(code)) {
      fields.problem("code", "expected one of 301, 302, 303, 307, 308, found " + code);
    }
    Optional<String> host = fields.text("host");
    Optional<String> path = fields.text("path");
    if (host.isEmpty() && path.isEmpty()) {
      fields.problem("", "expected host or path, else it leads to where it is");
    }
    fields.done();
    return Optional.of(new RouteSettings.Redirect(code, host, path));
  }

  private RetryPolicy retries(Fields fields) {
    if (!fields.has("retries")) {
      return RetryPolicy.NONE;
    }
    Fields retries = fields.map("retries");
    int count = retries.number("count", 1, 1, 100);
    List<RetryPolicy.On> on =
        retries.list(
            "on",
            (item, path) -> {
              RetryPolicy.On known = RETRY_ON.get(String.valueOf(item));
              if (known == null) {
                problems.add(
                    new Problem(
                        path,
                        "expected one of "
                            + String.join(", ", RETRY_ON.keySet().stream().sorted().toList())
                            + ", found "
                            + Fields.shown(item)));
              }
              return Optional.ofNullable(known);
            });
    retries.done();
    return on.isEmpty()
        ? RetryPolicy.of(count, RetryPolicy.On.FIVE_XX)
        : new RetryPolicy(count, Set.copyOf(on));
  }
}
