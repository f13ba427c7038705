package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.upstream.HttpCall;
import dev.nametag.hostsim.upstream.HttpUpstream;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What modules ask of a gateway's clusters with {@code proxy_http_call}. All calls go over one
 * thread with connections of its own; in Envoy, each worker has those that its streams use.
 */
// What Netty cannot write ends the connection, which is heard of.
@SuppressWarnings("FutureReturnValueIgnored")
public final class ClusterCalls implements AutoCloseable {

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("gateway-calls", true), NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final Map<String, Backend> backends;
  private final Map<String, HttpUpstream> upstreams = new HashMap<>();

  /**
   * Nothing is connected before it is asked.
   *
   * @param json for the built-in upstreams
   */
  public ClusterCalls(GatewaySettings settings, Json json) {
    backends = Backends.of(settings.clusters(), loop, json);
    settings.clusters().keySet().forEach(name -> upstreams.put(name, call -> answer(name, call)));
  }

  /** The clusters by their names. */
  public Map<String, HttpUpstream> upstreams() {
    return Map.copyOf(upstreams);
  }

  private HttpUpstream.Answer answer(String cluster, HttpCall call) {
    Backend backend = backends.get(cluster);
    if (backend == null) {
      return HttpUpstream.localReply(503, "no healthy upstream");
    }
    CompletableFuture<HttpUpstream.Answer> answer = new CompletableFuture<>();
    loop.execute(() -> begin(backend, call, answer));
    return new HttpUpstream.Promised(answer);
  }

  private void begin(
      Backend backend, HttpCall call, CompletableFuture<HttpUpstream.Answer> answer) {
    if (answer.isDone()) {
      return;
    }
    CalledResponse response = new CalledResponse(answer);
    List<Header> trailers = call.trailers();
    boolean headersOnly = call.body().isEmpty() && trailers.isEmpty();
    Backend.Call begun = backend.begin(response, call.headers(), headersOnly, paused -> {});
    if (!call.body().isEmpty()) {
      begun.body(call.body(), trailers.isEmpty());
    }
    if (!trailers.isEmpty()) {
      begun.trailers(trailers);
    }
    answer.whenComplete((result, failure) -> giveUpUnlessWhole(begun, response));
  }

  private void giveUpUnlessWhole(Backend.Call call, CalledResponse response) {
    if (!response.over()) {
      loop.execute(call::cancel);
    }
  }

  /** Breaks off what is running. */
  @Override
  public void close() {
    loop.submit(() -> backends.values().forEach(Backend::close)).awaitUninterruptibly();
    group
        .shutdownGracefully(0, Duration.ofSeconds(1).toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly();
  }
}
