package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.SimulatedEnvoy;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A gateway that listens: every request that comes over its socket is a stream in a simulated
 * Envoy.
 */
// What Netty cannot write ends the connection, which is heard of.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Gateway implements AutoCloseable {

  private static final int MAX_WRITES = 256;

  /** How long a call into a module may go on once streams are broken off. */
  private static final Duration CALL_AT_STOP = Duration.ofSeconds(1);

  private final SimulatedEnvoy envoy;
  private final EventLoopGroup acceptor;
  private final EventLoopGroup loops;
  private final Map<EventExecutor, GatewayWorker> workers = new HashMap<>();
  private final Channel listener;
  private final Totals totals = new Totals();
  private final AtomicLong nextConnection = new AtomicLong(1);
  private boolean stopped;

  /**
   * What has come so far.
   *
   * @param streams that have begun: as many as our filter sees
   * @param answered to the end
   * @param aborted by the client before the end of the answer
   * @param brokenOff by the gateway or upstream after the answer had begun, or by the stop
   */
  public record Summary(
      long connections, long streams, long answered, long aborted, long brokenOff) {}

  /**
   * Starts listening, with as many workers as the Envoy has.
   *
   * @param address port 0 picks a free one
   * @param json for the built-in upstreams
   * @param faults is told of faults of the gateway itself, in the thread in which they happen
   * @throws IOException when the address cannot be listened on
   */
  public static Gateway start(
      SimulatedEnvoy envoy,
      GatewaySettings settings,
      InetSocketAddress address,
      Json json,
      Consumer<Throwable> faults)
      throws IOException {
    return new Gateway(envoy, settings, address, json, faults);
  }

  private Gateway(
      SimulatedEnvoy envoy,
      GatewaySettings settings,
      InetSocketAddress address,
      Json json,
      Consumer<Throwable> faults)
      throws IOException {
    this.envoy = envoy;
    InstantSource clock = InstantSource.system();
    GatewayWorker.Shared shared =
        new GatewayWorker.Shared(
            envoy,
            settings,
            new Routes(settings),
            settings.beforeOurs().stream().map(f -> SimulatedFilter.of(f, json, clock)).toList(),
            settings.afterOurs().stream().map(f -> SimulatedFilter.of(f, json, clock)).toList(),
            json,
            totals,
            faults);
    acceptor =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("gateway-acceptor"), NioIoHandler.newFactory());
    loops =
        new MultiThreadIoEventLoopGroup(
            envoy.workers(), new DefaultThreadFactory("gateway-worker"), NioIoHandler.newFactory());
    int number = 0;
    for (EventExecutor loop : loops) {
      workers.put(loop, new GatewayWorker(number++, (EventLoop) loop, shared));
    }
    ChannelFuture binding =
        new ServerBootstrap()
            .group(acceptor, loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, settings);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      shutDownLoops();
      throw binding.cause() instanceof IOException e ? e : new IOException(binding.cause());
    }
    listener = binding.channel();
  }

  private void accept(Channel channel, GatewaySettings settings) {
    // What is written in one go goes out in one go, headers and body.
    channel.pipeline().addLast(new FlushConsolidationHandler(MAX_WRITES, true));
    channel.pipeline().addLast(new RequestDecoder());
    ResponseEncoder encoder = new ResponseEncoder();
    channel.pipeline().addLast(encoder);
    DownstreamConnection connection =
        workers.get(channel.eventLoop()).accept(channel, nextConnection.getAndIncrement());
    encoder.connection = connection;
    settings
        .idleTimeout()
        .ifPresent(time -> channel.pipeline().addLast(new Idle(time, connection::connectionIdle)));
    settings
        .streamIdleTimeout()
        .ifPresent(time -> channel.pipeline().addLast(new Idle(time, connection::streamIdle)));
    channel.pipeline().addLast(connection);
  }

  /** Knows, other than Netty's, which request a response answers. */
  private static final class ResponseEncoder extends HttpResponseEncoder {

    private DownstreamConnection connection;

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
      return connection.answersHead() || super.isContentAlwaysEmpty(response);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** What has come so far. */
  public Summary summary() {
    return totals.summary();
  }

  /**
   * Stops: takes no further connections and requests, lets streams end for a while and breaks off
   * the others; a module that does not return then is stopped. When this returns, every stream that
   * began is logged. Stopping twice is stopping once.
   */
  public synchronized void stop(Duration grace) {
    if (stopped) {
      return;
    }
    stopped = true;
    listener.close().awaitUninterruptibly();
    long deadlineNanos = System.nanoTime() + grace.toNanos();
    workers.forEach((loop, worker) -> loop.submit(worker::drain));
    while (!allIdle(deadlineNanos) && System.nanoTime() < deadlineNanos && !Thread.interrupted()) {
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    // Before a worker that is held up goes on with what clients have sent meanwhile.
    workers.values().forEach(GatewayWorker::refuseMore);
    envoy.limitCalls(CALL_AT_STOP);
    workers.forEach((loop, worker) -> loop.submit(worker::cut).awaitUninterruptibly());
    shutDownLoops();
  }

  /** Stops at once. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  /** A worker that is held up until then is not idle. */
  private boolean allIdle(long deadlineNanos) {
    List<Future<Boolean>> idle = new ArrayList<>();
    workers.forEach((loop, worker) -> idle.add(loop.submit(worker::idle)));
    boolean all = true;
    for (Future<Boolean> one : idle) {
      one.awaitUninterruptibly(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      all &= Boolean.TRUE.equals(one.getNow());
    }
    return all;
  }

  private void shutDownLoops() {
    acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    acceptor.terminationFuture().awaitUninterruptibly();
  }
}
